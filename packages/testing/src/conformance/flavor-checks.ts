import assert from 'node:assert/strict';
import {
  type ComponentType,
  configurationFields,
  type Flavor,
  holdsSecrets,
  parseAttributes,
  replaceSecrets,
  type SlipwayError,
} from '@slipway/core';
import { assertSilentAbout, type ConformanceCheck, failureOf, shown } from './check.js';
import type { ConformanceSubject } from './conformance-subject.js';
import { Workshop } from './workshop.js';

/** What every flavor has to do, of whatever type: its schema, and how it is registered and validated. */
export function flavorChecks(type: ComponentType, subject: ConformanceSubject): readonly ConformanceCheck[] {
  const check = (name: string, use: (workshop: Workshop) => Promise<void>): ConformanceCheck => ({
    name,
    run: () => Workshop.with(type, subject, use),
  });
  const { flavor: flavorName, configuration, plugin } = subject;

  return [
    check('describes itself and every attribute in a sentence', async (workshop) => {
      const flavor = await workshop.flavor();
      assert.match(
        flavor.name,
        /^[a-z][a-z0-9-]*$/,
        'The name of a flavor has lower-case letters, digits and hyphens.',
      );
      assertSentence(flavor.description, 'The flavor');
      for (const { name, description } of configurationFields(flavor.configSchema)) {
        assert.match(name, /^[a-z][a-z0-9_]*$/, `The attribute '${name}' is not written in snake_case.`);
        assertSentence(description, `The attribute '${name}'`);
      }
    }),
    check('takes the examples of its attributes', async (workshop) => {
      const flavor = await workshop.flavor();
      for (const { name, example } of configurationFields(flavor.configSchema)) {
        if (example === undefined) continue;
        assert.equal(
          typeof example,
          'string',
          `The example of '${name}' is not written as on a command line: as text.`,
        );
        if (example.startsWith('@')) continue;
        const value = parseAttributes(flavor, { [name]: example })[name];
        assert.ok(
          flavor.configSchema.shape[name]?.safeParse(value).success,
          `The attribute '${name}' does not take its example ${example}.`,
        );
      }
    }),
    check('registers with its configuration, and keeps what was set', async (workshop) => {
      await workshop.register();
      const record = await workshop.slipway.components.get(type, 'subject');
      assert.deepEqual(record.configuration, configuration);
    }),
    check('loads its implementation only when it is used', async () => {
      if (plugin === undefined) return;
      let loads = 0;
      const flavors = plugin.flavors.map((flavor) => ({
        ...flavor,
        implementation: () => {
          loads += 1;
          return flavor.implementation() as Promise<never>;
        },
      })) as readonly Flavor[];
      await Workshop.with(type, { ...subject, plugin: { ...plugin, flavors } }, (workshop) => workshop.register());
      assert.equal(loads, 0, 'Registering a component has loaded the implementation.');
    }),
    check('refuses an attribute that it does not know', async (workshop) => {
      const wrong = { ...configuration, no_such_attribute: 'value' };
      await failureOf(() => workshop.register(wrong), 'UNKNOWN_ATTRIBUTE');
      assert.deepEqual(await workshop.slipway.components.list(type).then((all) => all.filter(isSubject)), []);
    }),
    check('says which attributes are missing', async (workshop) => {
      for (const { name, required } of configurationFields((await workshop.flavor()).configSchema)) {
        if (!required) continue;
        const without = Object.fromEntries(Object.entries(configuration).filter(([key]) => key !== name));
        const error = await failureOf(() => workshop.register(without), 'MISSING_ATTRIBUTE');
        assert.ok(error.message.includes(`'${name}'`), `The message does not name '${name}': ${error.message}`);
      }
    }),
    check('refuses values of another type, and quotes no secret', async (workshop) => {
      for (const field of configurationFields((await workshop.flavor()).configSchema)) {
        const value = field.type === 'list' || field.type === 'object' ? 'no-such-value' : ['no-such-value'];
        const error: SlipwayError = await failureOf(() => workshop.register({ ...configuration, [field.name]: value }));
        assert.equal(error.exitCode, 2, `A wrong value of '${field.name}' is a wrong call.`);
        if (holdsSecrets(field)) assertSilentAbout(['no-such-value'], shown(error), `the error of '${field.name}'`);
      }
    }),
    check('works in a stack', async (workshop) => {
      await workshop.assemble();
      const { components } = await workshop.slipway.stacks.get('subject');
      assert.equal(components[type], 'subject', `The stack has no ${flavorName}.`);
    }),
  ];
}

/** The secrets of the configuration, be they attributes or parts of some. */
export async function secretsOf(workshop: Workshop, { configuration }: ConformanceSubject): Promise<readonly string[]> {
  const secrets: string[] = [];
  for (const field of configurationFields((await workshop.flavor()).configSchema)) {
    replaceSecrets(field, configuration[field.name], (secret) => {
      if (typeof secret === 'string') secrets.push(secret);
      return secret;
    });
  }
  return secrets;
}

function isSubject({ name }: { name: string }): boolean {
  return name === 'subject';
}

function assertSentence(text: string, of: string): void {
  assert.match(text, /^\p{Lu}.*\.$/su, `${of} is not described by a sentence: '${text}'`);
}

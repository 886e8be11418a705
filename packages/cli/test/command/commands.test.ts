import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { componentType, componentTypeIds } from '@slipway/core';
import { CommandTree } from '../../src/command/command-tree.js';
import { commandHelp, nounHelp, usageLine } from '../../src/command/help.js';
import { commands, nouns } from '../../src/commands/index.js';
import { failure } from '../support/failure.js';
import { attributesCommand, sampleFlavor } from '../support/sample-command.js';

const tree = new CommandTree(commands, nouns);

describe('The commands', () => {
  it('are there for every component type', () => {
    const lines = commands.map(({ path }) => path.join(' '));
    for (const type of componentTypeIds) {
      const { command } = componentType(type);
      expect(lines).to.include.members(
        ['register', 'list', 'describe', 'update', 'delete', 'flavor list', 'flavor describe'].map(
          (verb) => `${command} ${verb}`,
        ),
      );
    }
  });

  for (const command of commands) {
    const line = command.path.join(' ');
    it(`has a screen of help with examples that lead to commands: ${line}`, () => {
      expect(command.summary).to.match(/^[A-Z].*\.$/);
      expect(command.examples.length).to.be.at.least(2);
      for (const example of command.examples) {
        expect(tree.find(example.split(' ').slice(1)), example).to.have.property('command');
      }
      const help = commandHelp(command, { width: 80 });
      expect(help.split('\n').length, help).to.be.at.most(40);
      expect(help)
        .to.include(`Usage: ${usageLine(command)}`)
        .and.to.include('-h, --help');
    });
  }

  for (const noun of nouns) {
    it(`have a screen of help with two examples under: ${noun.path.join(' ')}`, () => {
      const help = nounHelp(tree, noun, 80);
      expect(help.split('\n').length, help).to.be.at.most(40);
      expect(help.slice(help.indexOf('Examples:')).match(/^ {2}slipway .+$/gm)).to.have.length.at.least(2);
    });
  }

  it('are found under hyphens and underscores', () => {
    expect(tree.find(['image_builder', 'list', 'x'])).to.deep.include({ rest: ['x'] });
  });

  it('are suggested where they are misspelt, or joined by a hyphen', async () => {
    expect((await failure(() => tree.find(['image-bulder', 'list']))).reason).to.equal("Did you mean 'image-builder'?");
    expect((await failure(() => tree.find(['stack-list']))).reason).to.equal("Did you mean 'stack list'?");
  });
});

describe('The page of the commands', () => {
  const [first] = componentTypeIds.map((type) => componentType(type).command);
  const isType = (word: string): boolean => componentTypeIds.some((type) => componentType(type).command === word);

  for (const command of commands) {
    const line = command.path.join(' ');
    it(`has every word and option that the help shows: ${line}`, async () => {
      const page = await readFile(join(import.meta.dirname, '../../../../../docs/commands.md'), 'utf8');
      // The commands of components are there once, for the first type.
      const [noun = '', ...rest] = command.path;
      const title = `\n### ${[isType(noun) ? first : noun, ...rest].join(' ')}\n`;
      const [, section = ''] = page.split(title);
      const [shown = ''] = section.split('\n### ');
      const help = commandHelp(command);
      const written = [
        ...help.matchAll(/^ {2}((?:-\w, | {4})?--[^ ]+(?:, --[^ ]+)?|[A-Z][A-Z_-]*)(?= {2,}\S|$)/gm),
      ].map(([, word = '']) => word.trim());
      expect(written).to.include('-h, --help');
      for (const word of written) if (word !== '-h, --help') expect(shown).to.include(`| \`${word}\` `);
    });
  }
});

describe('The help of a command that takes attributes', () => {
  it('stays one screen, however many attributes the flavor has: those it cannot explain it names', () => {
    const [field] = sampleFlavor.fields;
    const fields = Array.from({ length: 45 }, (_, index) => ({ ...field!, name: `attribute_number_${index}` }));
    const help = commandHelp(attributesCommand, { chosen: { ...sampleFlavor, fields }, width: 80 });
    expect(help.split('\n').length, help).to.be.at.most(40);
    for (const { name } of fields) expect(help).to.include(`--${name}`);
    expect(help).to.include('slipway artifact-store flavor describe sample');
  });

  it('lists flavors, and begins its examples with what a flavor needs', () => {
    const help = commandHelp(attributesCommand, { flavors: [sampleFlavor] });
    expect(help).to.match(/^Flavors:\n {2}sample {2}For tests\.$/m);
    expect(help).to.match(/^Examples:\n {2}slipway sample register it -f sample$/m);
  });

  it('lists the attributes of the chosen flavor', () => {
    const help = commandHelp(attributesCommand, { flavors: [sampleFlavor], chosen: sampleFlavor });
    expect(help).to.match(
      /^Attributes of sample:\n {2}--path=STRING +A path\. Required\.\n {2}--read_only=BOOLEAN +A/m,
    );
  });
});

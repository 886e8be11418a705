import assert from 'node:assert/strict';
import type { ConformanceCheck } from './check.js';
import { assertSilentAbout } from './check.js';
import type { ConformanceSubject } from './conformance-subject.js';
import { flavorChecks, secretsOf } from './flavor-checks.js';
import { Workshop } from './workshop.js';

/** What a container registry has to do. */
export function containerRegistryChecks(subject: ConformanceSubject): readonly ConformanceCheck[] {
  const check = (name: string, use: (workshop: Workshop) => Promise<void>): ConformanceCheck => ({
    name,
    run: () => Workshop.with('container_registry', subject, use),
  });
  return [
    ...flavorChecks('container_registry', subject),
    check('says where it is, without scheme and trailing slash', async (workshop) => {
      const { uri, isLocal, transport } = await workshop.component('container_registry');
      assert.doesNotMatch(uri, /:\/\/|\/$|^$/, `Not as HOST[:PORT][/PATH]: '${uri}'`);
      assert.equal(typeof isLocal, 'boolean');
      assert.equal(typeof transport.insecure, 'boolean');
      assert.equal(typeof transport.skipTlsVerify, 'boolean');
    }),
    check('gives a name and a password, or no credentials', async (workshop) => {
      const credentials = await (await workshop.component('container_registry')).credentials();
      if (credentials === undefined) return;
      assert.equal(typeof credentials.username, 'string');
      assert.equal(typeof credentials.password, 'string');
    }),
    check('says no secret to its logger', async (workshop) => {
      await (await workshop.component('container_registry')).credentials();
      assertSilentAbout(await secretsOf(workshop, subject), workshop.said, 'the log');
    }),
  ];
}

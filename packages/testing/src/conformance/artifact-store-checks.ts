import assert from 'node:assert/strict';
import { assertSilentAbout, type ConformanceCheck, failureOf } from './check.js';
import type { ConformanceSubject } from './conformance-subject.js';
import { flavorChecks, secretsOf } from './flavor-checks.js';
import { Workshop } from './workshop.js';

export interface ArtifactStoreSubject extends ConformanceSubject {
  /** The content of an object by the address that `put` has returned; undefined where there is none. */
  readonly read: (address: string) => Promise<Uint8Array | undefined>;
  /** What is in the store now, whole objects and parts of some, to see that nothing is left behind. */
  readonly list: () => Promise<readonly string[]>;
}

/** What an artifact store has to do. Whatever the checks write they delete. */
export function artifactStoreChecks(subject: ArtifactStoreSubject): readonly ConformanceCheck[] {
  const check = (name: string, use: (workshop: Workshop) => Promise<void>): ConformanceCheck => ({
    name,
    run: () => Workshop.with('artifact_store', subject, use),
  });
  return [
    ...flavorChecks('artifact_store', subject),
    check('keeps an object, replaces it, and deletes it', async (workshop) => {
      const store = await workshop.component('artifact_store');
      assert.doesNotMatch(store.uri, /\/$/, 'Its address ends with a slash.');
      const address = await store.put('conformance/object', content('one'));
      assert.equal(address, `${store.uri}/conformance/object`);
      assert.equal(text(await subject.read(address)), 'one');
      await store.put('conformance/object', content('another'));
      assert.equal(text(await subject.read(address)), 'another');
      await store.delete('conformance/object');
      assert.equal(await subject.read(address), undefined);
    }),
    check('takes it that an object to delete is not there', async (workshop) => {
      await (await workshop.component('artifact_store')).delete('conformance/nothing');
    }),
    check('leaves nothing behind where the content fails', async (workshop) => {
      const store = await workshop.component('artifact_store');
      const before = await subject.list();
      const broken = async function* (): AsyncGenerator<Uint8Array> {
        yield* content('half');
        throw new Error('The content broke off.');
      };
      await assert.rejects(() => store.put('conformance/broken', broken()), /broke off/);
      assert.deepEqual(await subject.list(), before);
    }),
    check('stops where it is cancelled, and leaves nothing behind', async (workshop) => {
      const store = await workshop.component('artifact_store');
      const before = await subject.list();
      const cancel = new AbortController();
      const endless = async function* (): AsyncGenerator<Uint8Array> {
        for (let piece = 0; !cancel.signal.aborted || piece < 1000; piece += 1) {
          if (piece === 10) cancel.abort();
          yield Buffer.from('piece');
          await new Promise(setImmediate);
        }
      };
      await assert.rejects(() => store.put('conformance/endless', endless(), { signal: cancel.signal }));
      assert.deepEqual(await subject.list(), before);
    }),
    check('refuses a key that leads out of it', async (workshop) => {
      const store = await workshop.component('artifact_store');
      await failureOf(() => store.put('../outside', content('x')));
    }),
    check('says no secret to its logger', async (workshop) => {
      const store = await workshop.component('artifact_store');
      await store.put('conformance/object', content('one'));
      await store.delete('conformance/object');
      assertSilentAbout(await secretsOf(workshop, subject), workshop.said, 'the log');
    }),
  ];
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream that has everything at once
async function* content(value: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(value);
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
}

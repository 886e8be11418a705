import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Store } from '../../src/store/store.js';
import { kill, startChild } from '../support/child.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A process each, which takes its time: fewer while one works, 200 where the whole is tested. */
const times = Number(process.env['SLIPWAY_KILLS'] ?? 40);

describe('A store whose writers are killed', () => {
  const folder = temporaryFolder();

  it(`is readable after each of ${times} kills, and has every line that was written`, async function () {
    this.timeout(240_000);
    const directory = join(folder(), 'config');
    const store = new Store(directory);
    const written = new Set<string>();
    let kills = 0;

    const checkAll = async (): Promise<void> => {
      const before = [...written];
      const names = new Set((await store.read()).components.map(({ name }) => name));
      expect(before.filter((name) => !names.has(name))).to.deep.equal([]);
    };

    /** Starts writers one after another, and kills each at some moment after its first line. */
    const killWriters = async (lane: string): Promise<void> => {
      for (; kills < times; kills += 1) {
        const child = startChild('write-child', directory, `${lane}${kills}-`);
        child.on('message', (name: string) => written.add(name));
        await firstMessage(child);
        await pause(Math.random() * 20);
        await kill(child);
        await checkAll();
      }
    };
    await Promise.all(['a', 'b', 'c'].map(killWriters));

    const components = (await store.read()).components.length;
    await store.update(() => {});
    expect((await store.read()).components).to.have.length(components);
    expect(written.size).to.be.greaterThan(times);
    expect(await readdir(directory)).to.deep.equal(['store.json', 'store.json.previous']);
  });
});

async function firstMessage(child: ChildProcess): Promise<void> {
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error('the writer ended by itself');
    }),
  ]);
}

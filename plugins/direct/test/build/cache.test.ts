import { randomBytes } from 'node:crypto';
import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { pushBaseImage } from '../support/base-image.js';
import { useBench } from '../support/bench.js';

const longAgo = new Date('2020-01-01');

/** The files that are opened while something is done. */
async function pathsOpened(work: () => Promise<unknown>): Promise<string[]> {
  const { open, openSync } = fs;
  const paths: string[] = [];
  const noting = <F extends (path: fs.PathLike, ...more: never[]) => unknown>(original: F): F =>
    ((path: fs.PathLike, ...more: never[]) => {
      paths.push(String(path));
      return original(path, ...more);
    }) as F;
  Object.assign(fs, { open: Object.assign(noting(open as never), open), openSync: noting(openSync) });
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    Object.assign(fs, { open, openSync });
    syncBuiltinESMExports();
  }
  return paths;
}

describe('The cache of the direct builder', () => {
  const used = useBench();
  const now = Date.now;
  // Files that are younger than two seconds are not remembered. Here the time is later than they think.
  beforeEach(() => (Date.now = () => now() + 10_000));
  afterEach(() => (Date.now = now));

  const cached = (...path: readonly string[]): string => join(used.bench.folder, 'slipway', 'cache', ...path);
  const layers = (): string[] => readdirSync(cached('layers')).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const put = (path: string, content: Buffer | string): void => {
    const file = join(used.bench.folder, 'context', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };

  it('changes nothing about an image, whatever was built before', async () => {
    const { bench } = used;
    await bench.dockerfile('FROM scratch', 'COPY . /content/');
    let letter = 0;
    const path = fc.stringMatching(/^[a-d]\/[a-h]$/);
    const edit = fc.oneof(
      fc.record({ path, action: fc.constant('remove' as const) }),
      fc.record({ path, action: fc.constant('move' as const), to: path }),
      fc.record({
        path,
        action: fc.constant('write' as const),
        size: fc.constantFrom(0, 1000, 300_000),
        random: fc.boolean(),
      }),
    );
    const edits = fc.array(edit, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 2, maxLength: 4 }), async (rounds) => {
        for (const round of rounds) {
          for (const change of round) {
            const file = join(bench.folder, 'context', change.path);
            if (change.action === 'remove') rmSync(file, { force: true });
            else if (change.action === 'write') {
              put(
                change.path,
                change.random
                  ? randomBytes(change.size)
                  : String.fromCharCode(97 + (++letter % 26)).repeat(change.size),
              );
            } else {
              put(change.to, 'replaced');
              put(change.path, 'moved');
              renameSync(file, join(bench.folder, 'context', change.to));
            }
          }
          const warm = await bench.build();
          renameSync(cached(), `${cached()}-warm`);
          const cold = await bench.build();
          rmSync(cached(), { recursive: true });
          renameSync(`${cached()}-warm`, cached());
          expect(warm.digest).to.equal(cold.digest);
          await setTimeout(20); // longer than a time stamp of the system is coarse
        }
      }),
      { numRuns: 8 },
    );
  });

  it('spares the reading of files that did not change', async () => {
    const { bench } = used;
    for (let file = 0; file < 300; file++) put(`files/${file}`, randomBytes(2000));
    await bench.dockerfile('FROM scratch', 'COPY files /');
    await bench.build();
    put('files/7', 'changed');
    const read = await pathsOpened(() => bench.build());
    expect(read.filter((path) => path.endsWith('/files/7'))).to.have.length(1);
    expect(read.filter((path) => path.includes('/context/files/'))).to.have.length.lessThan(200);
    expect(await pathsOpened(() => bench.build())).to.satisfy((paths: string[]) => !paths.join().includes('/files/'));
  });

  it('gets no layer that is only described, or only copied from', async () => {
    const { bench } = used;
    await bench.configure();
    put('hello.txt', 'hello');
    await bench.dockerfile('FROM scratch AS made', 'COPY hello.txt /', 'FROM scratch', 'COPY --from=made / /from/');
    await bench.plan();
    expect(existsSync(cached('layers'))).to.equal(false);
    await bench.build();
    expect(layers()).to.have.length(1);
  });

  it('may be lost or broken at any time', async () => {
    const { bench } = used;
    for (let file = 0; file < 300; file++) put(`files/${file}`, randomBytes(2000));
    const first = randomBytes(2000);
    put('files/7', first);
    await bench.dockerfile('FROM scratch', 'COPY files /');
    const { digest } = await bench.build();
    const breakages = [
      (file: string) => truncateSync(file, 10_000),
      (file: string) => writeFileSync(file, Buffer.alloc(statSync(file).size)),
      (file: string) => rmSync(file),
    ];
    for (const breakLayer of breakages) {
      // The layer is sent from the cache to a new place.
      for (const name of layers()) breakLayer(cached('layers', name));
      rmSync(bench.layoutFolder, { recursive: true });
      expect((await bench.build()).digest).to.equal(digest);
      await bench.image();
      // And its parts are used again where one changed.
      for (const name of layers()) breakLayer(cached('layers', name));
      put('files/7', 'changed');
      await bench.build();
      await bench.image();
      put('files/7', first);
      await bench.build();
    }
  });

  it('is not needed to be writable', async () => {
    const { bench } = used;
    writeFileSync(join(bench.folder, 'no-folder'), '');
    await bench.configure(undefined, { cache_directory: join(bench.folder, 'no-folder') });
    put('hello.txt', 'hello');
    await bench.dockerfile('FROM scratch', 'COPY hello.txt /');
    expect((await bench.built()).layers).to.deep.equal([['0644 0:0 /hello.txt = hello']]);
  });

  it('holds no more than it may, and gives up first what was not used for longest', async () => {
    const { bench } = used;
    await bench.configure(undefined, { cache_size_gb: 0.0025 });
    await bench.dockerfile('FROM scratch', 'COPY file /');
    const made: string[] = [];
    for (let round = 0; round < 3; round++) {
      put('file', randomBytes(1_000_000));
      await bench.build();
      made.push(...layers().filter((name) => !made.includes(name)));
      for (const [age, name] of made.toReversed().entries()) {
        if (layers().includes(name)) utimesSync(cached('layers', name), longAgo, new Date(now() - 60_000 * (age + 1)));
      }
    }
    expect(layers().sort()).to.deep.equal(made.slice(1).sort());
  });

  it('keeps what a running build may need, and loses what killed ones left', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await pushBaseImage(registry.host, 'tools', ['1'], { layers: [{ tool: 'x'.repeat(5000) }] });
    await bench.configure(undefined, { cache_size_gb: 0.000001 });
    await bench.dockerfile('FROM scratch', `COPY --from=${registry.host}/tools:1 /tool /`);
    mkdirSync(cached('layers'), { recursive: true });
    const left = cached('layers', '01234567-89ab-cdef-0123-456789abcdef.part');
    writeFileSync(left, 'half of it');
    await bench.build();
    expect(readdirSync(cached('contents'))).to.have.length(1);
    expect(readdirSync(cached('layers'))).to.deep.equal(['01234567-89ab-cdef-0123-456789abcdef.part']);
    utimesSync(left, longAgo, longAgo);
    await bench.build();
    expect(readdirSync(cached('layers'))).to.deep.equal([]);
  });

  it('is shared by builds at the same time, each of which may take from it what the others made', async () => {
    const { bench } = used;
    await bench.configure(await bench.registry(), { cache_size_gb: 0.000001 });
    for (let file = 0; file < 100; file++) put(`files/${file}`, randomBytes(5000));
    await bench.dockerfile('FROM scratch', 'COPY files /');
    const builds = Array.from({ length: 8 }, (_, index) => bench.build({ tags: [`demo/name-${index}:1`] }));
    expect(new Set((await Promise.all(builds)).map(({ digest }) => digest))).to.have.property('size', 1);
  });
});

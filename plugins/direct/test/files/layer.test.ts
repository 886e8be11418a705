import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf } from '@slipway/oci';
import { expect } from 'chai';
import fc from 'fast-check';
import { makeLayer } from '../../src/files/layer.js';
import type { FileNode } from '../../src/files/file-node.js';
import { collect, copy, extracted, failure, listed, makeFiles, useFolders } from './support.js';

describe('a layer', () => {
  const folders = useFolders();
  const options = (): { cacheFolder: string } => ({ cacheFolder: folders.cache });

  it('is the same whatever the times, permissions and order on disk', async () => {
    const files = { 'd/a': 'a', 'd/b': 'b', 'd/c/e': 'e', 'd.txt': 'd' };
    const [one, other] = [join(folders.root, 'one'), join(folders.root, 'other')];
    makeFiles(one, files);
    makeFiles(other, Object.fromEntries(Object.entries(files).reverse()));
    utimesSync(join(other, 'd/a'), 1, 1);
    chmodSync(join(other, 'd/b'), 0o666);
    chmodSync(join(other, 'd/c'), 0o700);
    const first = await copy(one, options(), ['d', 'd.txt'], '/x/');
    const second = await copy(other, { cacheFolder: join(folders.root, 'empty') }, ['d.txt', 'd'], '/x/');
    expect(await second.digests()).to.deep.equal(await first.digests());
  });

  it('is the same in whatever order its files come', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-c]{1,3}(\/[a-c.]{1,2}x){0,2}$/), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(names, fc.nat(), async (paths, seed) => {
        const nodes = paths.map((path): FileNode => {
          const bytes = Buffer.from(path);
          return {
            path,
            kind: 'file',
            mode: 0o644,
            uid: 0,
            gid: 0,
            size: bytes.length,
            content: { kind: 'bytes', bytes },
          };
        });
        const rotated = [...nodes.slice(seed % nodes.length), ...nodes.slice(0, seed % nodes.length)];
        const other = makeLayer(rotated, { cacheFolder: join(folders.root, 'other') });
        expect(await makeLayer(nodes, options()).digests()).to.deep.equal(await other.digests());
      }),
      { numRuns: 30 },
    );
  });

  it('gives the same content each time', async () => {
    makeFiles(folders.context, { large: randomBytes(9_000_000), small: 'x' });
    const layer = await copy(folders.context, options(), '.', '/');
    expect((await collect(layer.content())).equals(await collect(layer.content()))).to.equal(true);
  });

  it('holds large files and many small ones, packed by several threads', async () => {
    const lines = Array.from({ length: 120_000 }, (_, index) => `line ${index} of a file that shrinks\n`).join('');
    const small = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [`d/${index}`, `${index} `.repeat(300)]),
    );
    makeFiles(folders.context, { 'large.txt': lines, ...small });
    const layer = await copy(folders.context, options(), ['large.txt', 'd'], '/x/');
    expect(await listed(layer)).to.have.length(2002);
    expect(await extracted(layer, 'x/large.txt')).to.equal(lines);
    expect(await extracted(layer, 'x/1999')).to.equal(small['d/1999']);
    const again = await copy(folders.context, { cacheFolder: join(folders.root, 'empty') }, ['large.txt', 'd'], '/x/');
    expect(await again.digests()).to.deep.equal(await layer.digests());
  });

  describe('with a cache', () => {
    /** A file that nobody has touched for long, as those of most contexts. */
    function oldFile(): FileNode {
      const path = fileURLToPath(import.meta.resolve('chai'));
      const content = { kind: 'disk', root: dirname(path), path: 'index.js', offset: 0 } as const;
      return { path: 'file', kind: 'file', mode: 0o644, uid: 0, gid: 0, size: readFileSync(path).length, content };
    }

    it('is not made again where the cache knows its very files', async () => {
      const layer = await makeLayer([oldFile()], options()).digests();
      const [name = ''] = readdirSync(join(folders.cache, 'layers')).filter((file) => file.endsWith('.json'));
      const record = join(folders.cache, 'layers', name);
      const written = readFileSync(record, 'utf8');
      const marked = `sha256:${'1'.repeat(64)}`;
      writeFileSync(record, written.replace(layer.diffId, marked));
      expect((await makeLayer([oldFile()], options()).digests()).diffId).to.equal(marked);
      const other = await makeLayer([{ ...oldFile(), mode: 0o755 }], options()).digests();
      expect(other.diffId).not.to.equal(marked);
      writeFileSync(record, 'broken');
      expect((await makeLayer([oldFile()], options()).digests()).diffId).to.equal(layer.diffId);
    });

    it('is computed again where a file changed within the same second, with the same size and time', async () => {
      const file = join(folders.context, 'file');
      const digests = new Set<string>();
      for (let version = 0; version < 50; version++) {
        writeFileSync(file, String(version).padStart(4));
        utimesSync(file, 1_000_000_000, 1_000_000_000);
        digests.add((await (await copy(folders.context, options(), 'file', '/')).digests()).diffId);
      }
      expect(digests.size).to.equal(50);
    });

    it('takes nothing over of a file that is so young that a change might not show', async () => {
      makeFiles(folders.context, { file: 'x' });
      const ahead = new Date(Date.now() + 3_600_000); // however long it takes until the file is looked at
      utimesSync(join(folders.context, 'file'), ahead, ahead);
      await (await copy(folders.context, options(), 'file', '/')).digests();
      const [name = ''] = readdirSync(join(folders.cache, 'layers')).filter((entry) => entry.endsWith('.json'));
      const record = JSON.parse(readFileSync(join(folders.cache, 'layers', name), 'utf8')) as { segments: unknown[] };
      expect(record.segments).to.deep.equal([]);
    });
  });

  it('is sent as it was made, whatever becomes of its files', async () => {
    makeFiles(folders.context, { large: randomBytes(900_000) });
    const layer = await copy(folders.context, options(), 'large', '/large.bin');
    const { descriptor } = await layer.digests();
    writeFileSync(join(folders.context, 'large'), randomBytes(900_000));
    expect(digestOf(await collect(layer.content()))).to.equal(descriptor.digest);
  });

  it('is not sent where the cache lost it and a file is no more what it was', async () => {
    makeFiles(folders.context, { another: 'x', large: randomBytes(900_000) });
    const layer = await copy(folders.context, options(), ['another', 'large'], '/x/');
    await layer.digests();
    rmSync(folders.cache, { recursive: true });
    writeFileSync(join(folders.context, 'large'), randomBytes(900_000));
    const error = await failure(collect(layer.content()));
    expect(error).to.include({ code: 'CONTEXT_FILE_CHANGED', exitCode: 1 });
    expect(error.message).to.include('large');
  });

  it('ends with the reason of its signal', async () => {
    makeFiles(folders.context, { large: randomBytes(3_000_000) });
    const controller = new AbortController();
    const layer = await copy(folders.context, { ...options(), signal: controller.signal }, 'large', '/large.bin');
    const digests = layer.digests();
    controller.abort(new Error('enough'));
    expect(await digests.catch((reason: unknown) => reason)).to.have.property('message', 'enough');
  });
});

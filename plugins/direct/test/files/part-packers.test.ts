import { availableParallelism } from 'node:os';
import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import type { LayerPart } from '../../src/files/layer-part.js';
import { PartPacker } from '../../src/files/pack-part.js';
import { PartPackers } from '../../src/files/part-packers.js';
import { failure, makeFiles, useFolders } from './support.js';

describe('the packing of parts', () => {
  const folders = useFolders();
  const names = Array.from({ length: 40 }, (_, index) => `file-${index}`);

  /** One file each. */
  function parts(): LayerPart[] {
    return names.map((path) => {
      const header = { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 3 * path.length } as const;
      return { entries: [{ header, content: { root: folders.context, path, offset: 0 } }] };
    });
  }
  beforeEach(() => makeFiles(folders.context, Object.fromEntries(names.map((name) => [name, name.repeat(3)]))));

  it('gives in other threads what it gives in this one', async function () {
    if (availableParallelism() < 2) return this.skip();
    const packers = new PartPackers();
    try {
      const own = new PartPacker();
      const packed = await Promise.all(parts().map((part) => packers.pack(part))); // nobody helps
      for (const [index, part] of parts().entries()) {
        expect(packed[index]).to.deep.equal(await own.pack(part));
      }
      expect(packed.every((blocks) => blocks.every(({ plain, checksum }) => crc32(plain) === checksum))).to.equal(true);
    } finally {
      await packers.close();
    }
  });

  it('starts no thread for what is packed before it would be up', async () => {
    const packers = new PartPackers();
    const packed = parts()
      .slice(0, 3)
      .map((part) => packers.pack(part));
    while (await packers.help());
    expect(await Promise.all(packed)).to.have.length(3);
    expect(process.getActiveResourcesInfo()).not.to.include('MessagePort');
  });

  it('fails with the error of the part that failed, in whatever thread', async function () {
    if (availableParallelism() < 2) return this.skip();
    const packers = new PartPackers();
    try {
      const broken = parts().map(({ entries: [entry] }): LayerPart => {
        if (entry === undefined) throw new Error('no entry');
        return { entries: [{ header: { ...entry.header, size: 4000 }, content: entry.content }] };
      });
      const errors = await Promise.all(broken.map((part) => failure(packers.pack(part))));
      expect(new Set(errors.map(({ code }) => code))).to.deep.equal(new Set(['CONTEXT_FILE_CHANGED']));
      expect(errors[7]?.message).to.include('file-7');
    } finally {
      await packers.close();
    }
  });

  it('may be ended while threads are at work', async () => {
    const packers = new PartPackers();
    for (const part of parts()) void packers.pack(part);
    await packers.close();
  });
});

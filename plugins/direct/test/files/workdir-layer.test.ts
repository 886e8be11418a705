import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileTree, workdirLayer } from '../../src/files/index.js';
import { archiveOf, copy, ImageInMemory, listed, makeFiles, useFolders } from './support.js';

describe('workdirLayer', () => {
  const folders = useFolders();

  function base(): ImageInMemory {
    const folder = join(folders.root, 'base');
    mkdirSync(folder);
    execFileSync('mkdir', ['-m', '1777', join(folder, 'tmp')]);
    return new ImageInMemory(archiveOf(folder));
  }

  it('makes the directories that are missing, for the user of the stage', async () => {
    const target = base().tree(folders.cache);
    const layer = await workdirLayer(
      { line: 3, path: '/tmp/a/b', user: '5:6', target },
      { cacheFolder: folders.cache },
    );
    expect(layer && (await listed(layer))).to.deep.equal(['drwxr-xr-x 5/6 tmp/a/', 'drwxr-xr-x 5/6 tmp/a/b/']);
  });

  it('makes nothing of what exists', async () => {
    const options = { cacheFolder: folders.cache };
    expect(await workdirLayer({ line: 3, path: '/tmp', target: base().tree(folders.cache) }, options)).to.equal(
      undefined,
    );
    expect(await workdirLayer({ line: 3, path: '/', target: FileTree.empty }, options)).to.equal(undefined);
  });

  it('does not read the base for a directory that this build made', async () => {
    makeFiles(folders.context, { 'app.py': '' });
    const image = base();
    const target = image.tree(folders.cache);
    const { entries } = await copy(folders.context, { cacheFolder: folders.cache }, 'app.py', '/app/app.py', {
      target,
    });
    const request = { line: 3, path: '/app', target: target.with(entries) };
    expect(await workdirLayer(request, { cacheFolder: folders.cache })).to.equal(undefined);
    expect(image.reads).to.equal(0);
  });
});

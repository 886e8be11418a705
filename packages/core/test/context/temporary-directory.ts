import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A new directory for each test of the suite that calls this, removed after it. */
export function useTemporaryDirectory(): { readonly path: string } {
  const directory = { path: '' };
  beforeEach(async () => {
    directory.path = await realpath(await mkdtemp(join(tmpdir(), 'slipway-context-')));
  });
  afterEach(() => rm(directory.path, { recursive: true, force: true }));
  return directory;
}

/** Stands for a directory with nothing in it. */
export const emptyDirectory = Symbol('empty directory');

/** What a path of a tree is: a file's content, or one of the others. */
export type Node =
  string | Buffer | { readonly link: string } | { readonly executable: string } | typeof emptyDirectory;

/** Makes files and what else there is, with the directories that they need. */
export async function makeTree(root: string, tree: Readonly<Record<string, Node>>): Promise<void> {
  for (const [path, node] of Object.entries(tree)) {
    const absolute = join(root, path);
    await mkdir(dirname(absolute), { recursive: true });
    if (node === emptyDirectory) await mkdir(absolute, { recursive: true });
    else if (typeof node === 'string' || Buffer.isBuffer(node)) await writeFile(absolute, node);
    else if ('link' in node) await symlink(node.link, absolute);
    else {
      await writeFile(absolute, node.executable);
      await chmod(absolute, 0o700);
    }
  }
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { openBuildContext, SlipwayError } from '@slipway/core';
import { digestOf, type ContentSource, type Descriptor } from '@slipway/oci';
import { copyLayer, FileTree, type CopyOptions, type CopyRequest, type Layer } from '../../src/files/index.js';

/** A new folder for each test of the suite that calls this: `context` to build from, `cache`, and room for more. */
export function useFolders(): { root: string; context: string; cache: string } {
  const folders = { root: '', context: '', cache: '' };
  beforeEach(() => {
    folders.root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-files-')));
    folders.context = join(folders.root, 'context');
    folders.cache = join(folders.root, 'cache');
    mkdirSync(folders.context);
  });
  afterEach(() => rmSync(folders.root, { recursive: true, force: true }));
  return folders;
}

export type Files = Readonly<Record<string, string | Buffer | { link: string } | { executable: string } | null>>;

/** Makes files; null is an empty directory. */
export function makeFiles(root: string, files: Files): void {
  for (const [path, file] of Object.entries(files)) {
    const absolute = join(root, path);
    mkdirSync(file === null ? absolute : dirname(absolute), { recursive: true });
    if (file === null) continue;
    if (typeof file === 'string' || Buffer.isBuffer(file)) writeFileSync(absolute, file);
    else if ('link' in file) symlinkSync(file.link, absolute);
    else {
      writeFileSync(absolute, file.executable);
      chmodSync(absolute, 0o755);
    }
  }
}

async function contextSource(directory: string): Promise<CopyRequest['from']> {
  makeFiles(directory, { Dockerfile: 'FROM scratch\n' });
  const context = await openBuildContext(directory);
  return { kind: 'context', context, tree: FileTree.ofContext(context) };
}

export async function copy(
  context: string,
  options: CopyOptions,
  sources: string | readonly string[],
  destination: string,
  more: Partial<CopyRequest> = {},
): Promise<Layer> {
  const layer = await copyLayer(
    {
      instruction: 'COPY',
      line: 7,
      sources: typeof sources === 'string' ? [sources] : sources,
      inlineFiles: [],
      destination,
      workingDirectory: '/',
      target: FileTree.empty,
      ...more,
      from: more.from ?? (await contextSource(context)),
    },
    options,
  );
  if (layer === undefined) throw new Error('The layer is empty.');
  return layer;
}

export async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What GNU tar lists of a layer, one line an entry: permissions, owner, size for files, name. Checks the digests on the way. */
export async function listed(layer: Layer): Promise<string[]> {
  const content = await collect(layer.content());
  const { diffId, descriptor } = await layer.digests();
  if (digestOf(content) !== descriptor.digest || content.length !== descriptor.size)
    throw new Error('wrong descriptor');
  const tar = gunzipSync(content);
  if (digestOf(tar) !== diffId) throw new Error('wrong diffId');
  const lines = execFileSync('tar', ['tvf', '-', '--numeric-owner', '--full-time'], { input: tar, env: { TZ: 'UTC' } });
  return lines
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [mode, owner, size, date, , ...name] = line.split(/ +/);
      if (date !== '2000-01-01') throw new Error(`wrong time: ${line}`);
      return `${mode} ${owner} ${mode?.startsWith('-') === true ? `${size} ` : ''}${name.join(' ')}`;
    });
}

/** A file of a layer as GNU tar extracts it. */
export async function extracted(layer: Layer, path: string, encoding: BufferEncoding = 'utf8'): Promise<string> {
  const tar = gunzipSync(await collect(layer.content()));
  return execFileSync('tar', ['xOf', '-', path], { input: tar, maxBuffer: 16 * 1024 * 1024 }).toString(encoding);
}

export async function failure(promise: Promise<unknown>): Promise<SlipwayError> {
  const error: unknown = await promise.then(
    () => new Error('no failure'),
    (reason: unknown) => reason,
  );
  if (!SlipwayError.is(error)) throw error;
  return error;
}

/** A layer's archive of a folder, as GNU tar writes it. */
export function archiveOf(folder: string, ...options: string[]): Buffer {
  return execFileSync('tar', ['cf', '-', '--sort=name', '--owner=0', '--group=0', ...options, '-C', folder, '.'], {
    maxBuffer: 2 ** 30,
  });
}

/** An image's layers in memory, which counts how often they are read. */
export class ImageInMemory implements ContentSource {
  reads = 0;
  private readonly blobs = new Map<string, Buffer>();
  readonly layers: Descriptor[] = [];

  constructor(...archives: readonly Buffer[]) {
    for (const archive of archives) {
      const blob = gzipSync(archive);
      const digest = `sha256:${createHash('sha256').update(blob).digest('hex')}`;
      this.blobs.set(digest, blob);
      this.layers.push({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: blob.length });
    }
  }

  tree(cacheFolder: string): FileTree {
    return FileTree.ofImage({ source: this, layers: this.layers, cacheFolder });
  }

  manifest(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async *blob({ digest }: Descriptor): AsyncGenerator<Buffer, void, undefined> {
    this.reads++;
    const blob = this.blobs.get(digest) ?? Buffer.alloc(0);
    for (let offset = 0; offset < blob.length; offset += 1000) {
      await Promise.resolve();
      yield blob.subarray(offset, offset + 1000);
    }
  }
}

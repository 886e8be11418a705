import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type ContentSource, type Descriptor, type ImageConfig, resolveImage } from '@slipway/oci';
import { extract, type Header } from 'tar-stream';

/** Part of a header of tar. */
type Attributes = Pick<Header, 'type'> & Partial<Pick<Header, 'mode' | 'uid' | 'gid' | 'linkname'>>;

interface TreeFile {
  /** Shared, like the names, by all names of one file. */
  header: Attributes;
  readonly digest: string;
  /** Shared by all names of one file. */
  readonly names: Set<string>;
}

/** What makes an image behave as it does, each fact under a path of the image or a field of its configuration. */
export type ImageFacts = ReadonlyMap<string, string>;

/** Which fields of the configuration count, whatever else a builder puts there. */
const configFields = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'Shell',
  'OnBuild',
] as const;

/** Reads an image as a container runtime does: its layers laid over one another. */
export async function imageFacts(source: ContentSource, reference: string): Promise<ImageFacts> {
  const found = await resolveImage(source, reference, { platform: { os: 'linux', architecture: 'amd64' } });
  if (found === undefined) throw new Error(`There is no ${reference}.`);
  const { config: configDescriptor, layers } = found.image;
  const config = JSON.parse((await collect(source.blob(configDescriptor))).toString()) as ImageConfig;
  const tree = new Map<string, TreeFile>();
  for (const layer of layers) await layOver(tree, source, layer);
  const facts = [...tree].map(([path, file]): [string, string] => [path, describe(path, file)]);
  return new Map([...facts.sort(), ...configFacts(config)]);
}

async function layOver(tree: Map<string, TreeFile>, source: ContentSource, layer: Descriptor): Promise<void> {
  const isGzip = /gzip$/.test(layer.mediaType);
  const bytes = Readable.from(source.blob(layer), { objectMode: false });
  const archive = (isGzip ? bytes.pipe(createGunzip()) : bytes).pipe(extract());
  const added = new Map<string, TreeFile>();
  for await (const entry of archive) {
    const content = await collect(entry as AsyncIterable<Buffer>);
    const { header } = entry;
    const path = throughLinks(tree, added, posix.join('/', header.name).replace(/(.)\/$/, '$1'));
    const name = posix.basename(path);
    if (name === '.wh..wh..opq') remove(tree, posix.dirname(path), false);
    else if (name.startsWith('.wh.')) remove(tree, posix.join(posix.dirname(path), name.slice(4)), true);
    else if (header.type === 'link') {
      const target = posix.join('/', header.linkname ?? '');
      const file = added.get(target) ?? tree.get(target);
      if (file === undefined) throw new Error(`${path} links to ${target}, which is not there.`);
      // As runtimes do it: the link's own permissions and owner become those of the file.
      file.header = { ...header, type: file.header.type, linkname: undefined };
      file.names.add(path);
      added.set(path, file);
    } else {
      if (header.type !== 'directory') remove(tree, path, true);
      added.set(path, { header, digest: digestOf(content), names: new Set([path]) });
    }
  }
  for (const [path, file] of added) {
    for (let parent = posix.dirname(path); !tree.has(parent) && !added.has(parent); parent = posix.dirname(parent)) {
      tree.set(parent, {
        header: { type: 'directory', mode: 0o755 },
        digest: '',
        names: new Set([parent]),
      });
    }
    tree.get(path)?.names.delete(path);
    tree.set(path, file);
  }
}

/** Where a path of a layer leads: runtimes follow the links of the layers below on the way. */
function throughLinks(tree: Map<string, TreeFile>, added: Map<string, TreeFile>, path: string): string {
  const parent = posix.dirname(path);
  if (parent === '/') return path;
  const real = throughLinks(tree, added, parent);
  const { header } = added.get(real) ?? tree.get(real) ?? {};
  if (header?.type !== 'symlink') return posix.join(real, posix.basename(path));
  const target = posix.resolve(posix.dirname(real), header.linkname ?? '');
  return throughLinks(tree, added, posix.join(target, posix.basename(path)));
}

function remove(tree: Map<string, TreeFile>, path: string, itself: boolean): void {
  for (const [name, file] of tree) {
    if (!name.startsWith(path === '/' ? '/' : `${path}/`) && !(itself && name === path)) continue;
    file.names.delete(name);
    tree.delete(name);
  }
}

function describe(path: string, { header, digest, names }: TreeFile): string {
  const { type, mode = 0, uid = 0, gid = 0, linkname } = header;
  const owner = `${uid}:${gid}`;
  if (type === 'symlink') return `symlink ${owner} -> ${linkname}`;
  const permissions = (mode & 0o7777).toString(8).padStart(4, '0');
  if (type === 'directory') return `directory ${permissions} ${owner}`;
  const others = [...names].filter((name) => name !== path).sort();
  const links = others.length === 0 ? '' : ` same as ${others.join(', ')}`;
  return `${type} ${permissions} ${owner} ${digest.slice(0, 8)}${links}`;
}

function configFacts({ config = {}, os, architecture }: ImageConfig): [string, string][] {
  const facts: [string, string][] = [['config.platform', `${os}/${architecture}`]];
  for (const field of configFields) {
    const value: unknown = config[field];
    const text = JSON.stringify(normalized(field, value)) ?? '';
    // To whoever runs it, nothing is the same as an empty list or text, and as the root to begin in.
    if (!['', 'null', '""', '[]', '{}', '"/"'].includes(text)) facts.push([`config.${field}`, text]);
  }
  return facts;
}

/** Variables, and the names of an object, have no order; buildah signs what it builds. */
function normalized(field: string, value: unknown): unknown {
  if (field === 'Env' && Array.isArray(value)) return value.toSorted();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'io.buildah.version');
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

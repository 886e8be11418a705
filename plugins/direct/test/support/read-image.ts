import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type ContentSource, type ImageConfig, type ImageManifest, type Platform, resolveImage } from '@slipway/oci';
import { extract } from 'tar-stream';

export interface ReadImage {
  readonly manifest: ImageManifest;
  readonly config: ImageConfig;
  /** Of each layer its entries: `0644 0:0 /path = content`, `0755 0:0 /path/`, `/path -> target`. */
  readonly layers: readonly (readonly string[])[];
}

/** Reads an image back, with every digest checked. */
export async function readImage(source: ContentSource, reference: string, platform?: Platform): Promise<ReadImage> {
  const found = await resolveImage(source, reference, { platform });
  if (found === undefined) throw new Error(`There is no ${reference}.`);
  const { image } = found;
  const config = JSON.parse((await collect(source.blob(image.config))).toString()) as ImageConfig;
  const layers: string[][] = [];
  for (const layer of image.layers) layers.push(await entriesOf(source.blob(layer)));
  return { manifest: image, config, layers };
}

async function entriesOf(content: AsyncIterable<Buffer>): Promise<string[]> {
  const lines: string[] = [];
  const archive = Readable.from(content).pipe(createGunzip()).pipe(extract());
  for await (const entry of archive) {
    const { name, type, mode = 0, uid, gid, linkname } = entry.header;
    const path = `/${name.replace(/^\/|\/$/g, '')}`;
    const text = (await collect(entry as AsyncIterable<Buffer>)).toString();
    const owned = `${mode.toString(8).padStart(4, '0')} ${uid}:${gid} ${path}`;
    if (type === 'directory') lines.push(`${owned}/`);
    else if (type === 'symlink') lines.push(`${path} -> ${linkname}`);
    else lines.push(`${owned} = ${text.trimEnd()}`);
  }
  return lines;
}

async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

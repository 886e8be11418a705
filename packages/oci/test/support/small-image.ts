import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { digestOf, type ContentSource, type ContentTarget, type Descriptor, type Platform } from '@slipway/oci';

const oci = 'application/vnd.oci.image';

export interface SmallImage {
  readonly manifest: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** Writes an image whose layers are these bytes, compressed; it would not run anywhere. */
export async function writeSmallImage(
  target: ContentTarget,
  tags: readonly string[],
  contents: readonly string[] = ['a layer'],
  { os, architecture }: Platform = { os: 'linux', architecture: 'amd64' },
): Promise<SmallImage> {
  const layers = await Promise.all(
    contents.map((text) => target.streamBlob(`${oci}.layer.v1.tar+gzip`, chunks(gzipSync(text)))),
  );
  const diffIds = contents.map((text) => digestOf(Buffer.from(text)));
  const bytes = toBytes({ os, architecture, rootfs: { type: 'layers', diff_ids: diffIds } });
  const config = { mediaType: `${oci}.config.v1+json`, digest: digestOf(bytes), size: bytes.length };
  await target.writeBlob(config, () => chunks(bytes));
  const mediaType = `${oci}.manifest.v1+json`;
  const manifest = toBytes({ schemaVersion: 2, mediaType, config, layers });
  return { manifest: await target.writeManifest(mediaType, manifest, tags), config, layers };
}

/** An index of an image for each platform, written as `os/architecture[/variant]`. */
export async function writeSmallIndex(
  target: ContentTarget,
  tag: string,
  platforms: readonly string[],
): Promise<ReadonlyMap<string, Descriptor>> {
  const images = new Map<string, Descriptor>();
  for (const name of platforms) {
    const [os = '', architecture = '', variant] = name.split('/');
    const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    const { manifest } = await writeSmallImage(target, [], [`for ${name}`], platform);
    images.set(name, { ...manifest, platform });
  }
  const mediaType = `${oci}.index.v1+json`;
  await target.writeManifest(mediaType, toBytes({ schemaVersion: 2, mediaType, manifests: [...images.values()] }), [
    tag,
  ]);
  return images;
}

export function chunks(...parts: readonly (Buffer | string)[]): AsyncIterable<Buffer> {
  return Readable.from(parts.map((part) => Buffer.from(part)));
}

export async function contentOf(source: ContentSource, descriptor: Descriptor): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source.blob(descriptor)) parts.push(part);
  return Buffer.concat(parts);
}

/** What a layer holds, be it compressed or not. */
export async function layerText(source: ContentSource, layer: Descriptor): Promise<string> {
  const bytes = await contentOf(source, layer);
  return (layer.mediaType.endsWith('+gzip') ? gunzipSync(bytes) : bytes).toString();
}

export function toBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

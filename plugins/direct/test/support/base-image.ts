import { gzipSync } from 'node:zlib';
import { type ContainerConfig, digestOf, type ImageConfig, RegistryClient } from '@slipway/oci';
import { pack } from 'tar-stream';

const dockerTypes = {
  layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  config: 'application/vnd.docker.container.image.v1+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  list: 'application/vnd.docker.distribution.manifest.list.v2+json',
};

export interface BaseImageContent {
  /** Of each layer its files, by path. */
  readonly layers: readonly Readonly<Record<string, string>>[];
  readonly config?: ContainerConfig;
  readonly architecture?: string;
  readonly variant?: string;
  /** Of its place in an index; its own unless given. */
  readonly listedVariant?: string;
}

export interface PushedImage {
  readonly digest: string;
  readonly size: number;
  /** Digests of the layers, from the lowest up. */
  readonly layers: readonly string[];
  readonly config: ImageConfig;
}

/** Puts an image into a registry as Docker would: with Docker's media types. */
export async function pushBaseImage(
  host: string,
  repository: string,
  tags: readonly string[],
  { layers, config, architecture = 'amd64', variant }: BaseImageContent,
): Promise<PushedImage> {
  const client = new RegistryClient({ host, transport: { insecure: true, skipTlsVerify: false } });
  try {
    const target = client.repository(repository);
    const write = async (mediaType: string, bytes: Buffer) => {
      const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
      await target.writeBlob(descriptor, () => once(bytes));
      return descriptor;
    };
    const archives = await Promise.all(layers.map(archive));
    const descriptors = await Promise.all(archives.map((bytes) => write(dockerTypes.layer, gzipSync(bytes))));
    const imageConfig: ImageConfig = {
      architecture,
      ...(variant === undefined ? {} : { variant }),
      os: 'linux',
      config: config ?? {},
      rootfs: { type: 'layers', diff_ids: archives.map((bytes) => digestOf(bytes)) },
      history: layers.map((_, index) => ({ created_by: `base layer ${index}` })),
    };
    const manifest = {
      schemaVersion: 2,
      mediaType: dockerTypes.manifest,
      config: await write(dockerTypes.config, Buffer.from(JSON.stringify(imageConfig))),
      layers: descriptors,
    };
    const bytes = Buffer.from(JSON.stringify(manifest));
    const { digest, size } = await target.writeManifest(dockerTypes.manifest, bytes, tags);
    return { digest, size, layers: descriptors.map((descriptor) => descriptor.digest), config: imageConfig };
  } finally {
    client.close();
  }
}

/** Puts images of several platforms into a registry, under an index. */
export async function pushBaseIndex(
  host: string,
  repository: string,
  tag: string,
  contents: readonly BaseImageContent[],
): Promise<PushedImage[]> {
  const images = await Promise.all(contents.map((content) => pushBaseImage(host, repository, [], content)));
  const manifests = images.map(({ digest, size, config: { os, architecture, variant: own } }, at) => {
    const variant = contents[at]?.listedVariant ?? own;
    const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    return { mediaType: dockerTypes.manifest, digest, size, platform };
  });
  const client = new RegistryClient({ host, transport: { insecure: true, skipTlsVerify: false } });
  try {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: dockerTypes.list, manifests }));
    await client.repository(repository).writeManifest(dockerTypes.list, bytes, [tag]);
  } finally {
    client.close();
  }
  return images;
}

async function archive(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const packed = pack();
  for (const [name, content] of Object.entries(files)) packed.entry({ name, mtime: new Date(0) }, content);
  packed.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield await Promise.resolve(bytes);
}

import { type ContainerRegistry, SlipwayError } from '@slipway/core';
import {
  DockerCredentials,
  type ImageConfig,
  type ImageReference,
  parseImageManifest,
  parsePlatform,
  RegistryClient,
  type Repository,
} from '@slipway/oci';
import { assembleIndex, type PlatformImage } from './assemble-index.js';

/** An image that was built for a platform, by the digest of its manifest. */
export interface BuiltPlatform {
  /** `os/architecture[/variant]`, as it was asked for. */
  readonly platform: string;
  readonly digest: string;
}

/** Where the index of a build for several platforms goes. The executor makes none, so that this machine has to push it. */
export class IndexRegistry {
  private constructor(
    private readonly client: RegistryClient,
    private readonly tags: readonly ImageReference[],
  ) {}

  /**
   * With what this machine has for the registry, however the cluster gets in.
   * @param tags of the index; there is one at least
   */
  static async open(
    registry: ContainerRegistry,
    tags: readonly ImageReference[],
    signal: AbortSignal,
  ): Promise<IndexRegistry> {
    const [first] = tags;
    if (first === undefined) throw new Error('An index needs a tag.');
    const credentials =
      (await registry.credentials()) ?? (await (await DockerCredentials.load(process.env)).loginFor(first, { signal }));
    const { transport } = registry;
    return new IndexRegistry(new RegistryClient({ host: first.registry, transport, credentials }), tags);
  }

  /**
   * Finds out whether this machine can push there, before anything is built.
   * @throws SlipwayError those of the registry
   */
  async check(signal: AbortSignal): Promise<void> {
    try {
      // One that does not know the repository yet will make it when the images are pushed, or tell the executor why not.
      await Promise.all(this.#repositories().map(({ repository }) => repository.checkPush({ signal })));
    } catch (error) {
      if (signal.aborted || !SlipwayError.is(error)) throw error;
      const { code, message, reason, fix } = error;
      throw new SlipwayError({
        code,
        message: `The index of the platforms cannot be pushed from this machine: ${message}`,
        reason: `${reason === undefined ? '' : `${reason} `}The cluster builds and pushes each image, and this machine the index that makes them one.`,
        fix: fix ?? 'Build each platform by itself, with a tag of its own: --platform=OS/ARCHITECTURE',
        cause: error,
      });
    }
  }

  /**
   * Pushes the index of the images, which are in each repository already, under every tag.
   * @returns its digest
   * @throws SlipwayError `IMAGE_NOT_IN_REGISTRY`, `IMAGE_OF_OTHER_PLATFORM`, and those of the registry
   */
  async push(
    built: readonly BuiltPlatform[],
    annotations: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal,
  ): Promise<string> {
    const repositories = this.#repositories();
    const source = repositories[0]?.repository;
    if (source === undefined) throw new Error('An index needs a tag.');
    const images = await Promise.all(built.map((image) => platformImage(source, image, signal)));
    const { mediaType, bytes } = assembleIndex(images, annotations);
    let pushed = '';
    for (const { repository, tags } of repositories) {
      pushed = (await repository.writeManifest(mediaType, bytes, tags, { signal })).digest;
    }
    for (const tag of this.tags) {
      const found = await this.client.resolve(tag.withDigest(pushed), { signal });
      if (found === undefined) throw notThere(tag.name, pushed);
    }
    return pushed;
  }

  close(): void {
    this.client.close();
  }

  #repositories(): readonly { readonly repository: Repository; readonly tags: readonly string[] }[] {
    const names = [...new Set(this.tags.map(({ repository }) => repository))];
    return names.map((name) => ({
      repository: this.client.repository(name),
      tags: this.tags.filter(({ repository }) => repository === name).map(({ tag }) => tag ?? 'latest'),
    }));
  }
}

async function platformImage(
  repository: Repository,
  { platform, digest }: BuiltPlatform,
  signal: AbortSignal,
): Promise<PlatformImage> {
  const manifest = await repository.manifest(digest, { signal });
  const image = manifest && parseImageManifest(manifest.bytes);
  if (manifest === undefined || image === undefined) throw notThere(repository.name, digest);
  const chunks: Buffer[] = [];
  for await (const chunk of repository.blob(image.config, { signal })) chunks.push(chunk);
  const config = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ImageConfig;
  const { os, architecture, variant: wanted } = parsePlatform(platform);
  if (config.os !== os || config.architecture !== architecture) throw otherPlatform(platform, config);
  // Without its variant an image for arm would be taken for that of another one.
  const variant = config.variant ?? wanted;
  const version = config['os.version'];
  return {
    descriptor: manifest.descriptor,
    platform: {
      os,
      architecture,
      ...(variant === undefined ? {} : { variant }),
      ...(version === undefined ? {} : { 'os.version': version }),
    },
  };
}

function notThere(name: string, digest: string): SlipwayError {
  return new SlipwayError({
    code: 'IMAGE_NOT_IN_REGISTRY',
    message: `The registry does not have ${name}@${digest}, which was pushed to it.`,
    fix: 'Check whether the cluster reaches the same registry as this machine; then try again.',
  });
}

function otherPlatform(platform: string, { os, architecture }: ImageConfig): SlipwayError {
  return new SlipwayError({
    code: 'IMAGE_OF_OTHER_PLATFORM',
    message: `The image that was built for ${platform} is for ${os}/${architecture}.`,
    reason: 'So its configuration says; in an index it would run where it cannot.',
    fix: 'Use an executor image that knows --custom-platform: slipway image-builder update NAME --executor_image=IMAGE',
  });
}

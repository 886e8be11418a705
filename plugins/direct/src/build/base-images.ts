import {
  type ContentSource,
  formatPlatform,
  type ImageConfig,
  type ImageManifest,
  ImageReference,
  parseImageConfig,
  type Platform,
  type RegistryClient,
  resolveImage,
} from '@slipway/oci';
import type { ImageSource } from '@slipway/dockerfile';
import { cachedBlob } from '../files/index.js';
import {
  baseImageError,
  type BaseImageRequest,
  baseImageInvalid,
  imageNotFound,
  namedInDockerfile,
} from './base-image-error.js';
import { openForeignRegistry } from './foreign-registry.js';

/** An image of a registry that files or a configuration are taken from. */
export interface BaseImage {
  /** With the digest of the platform's manifest. */
  readonly reference: ImageReference;
  readonly source: ContentSource;
  readonly image: ImageManifest;
  readonly config: ImageConfig;
}

/** The registry of the stack, which base images may come from too. */
export interface HomeRegistry {
  readonly host: string;
  readonly client: RegistryClient;
}

const largestConfig = 4 * 1024 * 1024;

/** The images that a build reads; each is looked up once. `close` it in the end. */
export class BaseImages {
  readonly #images = new Map<string, Promise<BaseImage>>();
  readonly #clients = new Map<string, Promise<RegistryClient>>();

  constructor(
    private readonly home: HomeRegistry | undefined,
    private readonly cacheFolder: string,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /**
   * @param line of the instruction that names it
   * @throws SlipwayError `INVALID_REFERENCE`, `IMAGE_NOT_FOUND`, `BASE_IMAGE_INVALID`, `PLATFORM_NOT_FOUND`, and those of the registry
   */
  async open(named: ImageSource, platform: Platform, line: number): Promise<BaseImage> {
    const key = `${named.reference} ${formatPlatform(platform)}`;
    const image = this.#images.get(key) ?? this.#openNamed(named, platform, line);
    this.#images.set(key, image);
    return image;
  }

  close(): void {
    for (const client of this.#clients.values()) {
      client.then(
        (opened) => opened.close(),
        () => undefined, // whoever needed it was told
      );
    }
  }

  async #openNamed(named: ImageSource, platform: Platform, line: number): Promise<BaseImage> {
    try {
      return await this.#open({ reference: ImageReference.parse(named.reference), platform, line });
    } catch (error) {
      throw namedInDockerfile(error, named, line);
    }
  }

  async #open(request: BaseImageRequest): Promise<BaseImage> {
    try {
      return await this.#resolve(request);
    } catch (error) {
      throw baseImageError(error, request, request.reference.registry !== this.home?.host);
    }
  }

  async #resolve(request: BaseImageRequest): Promise<BaseImage> {
    const { signal } = this;
    const { reference, platform } = request;
    const source = (await this.#client(reference)).repository(reference.repository);
    const found = await resolveImage(source, reference.digest ?? reference.tag ?? 'latest', { platform, signal });
    if (found === undefined) throw imageNotFound(request);
    const { manifest, image } = found;
    const config = await this.#readConfig(source, image, request);
    return { reference: reference.withDigest(manifest.descriptor.digest), source, image, config };
  }

  async #readConfig(
    source: ContentSource,
    { config: descriptor, layers }: ImageManifest,
    request: BaseImageRequest,
  ): Promise<ImageConfig> {
    const { size, mediaType } = descriptor;
    if (size > largestConfig) throw baseImageInvalid(request, `Its configuration has ${size} bytes.`);
    const config = parseImageConfig(await cachedBlob(source, descriptor, this.cacheFolder, this.signal));
    if (config === undefined) {
      throw baseImageInvalid(request, `Its configuration, a ${mediaType}, is not that of an image.`);
    }
    const described = config.rootfs.diff_ids.length;
    if (described === layers.length) return config;
    throw baseImageInvalid(request, `It has ${layers.length} layers, and its configuration speaks of ${described}.`);
  }

  #client(reference: ImageReference): Promise<RegistryClient> {
    if (this.home?.host === reference.registry) return Promise.resolve(this.home.client);
    // Credentials may be for a single repository.
    const client = this.#clients.get(reference.name) ?? openForeignRegistry(reference, this.signal);
    this.#clients.set(reference.name, client);
    return client;
  }
}

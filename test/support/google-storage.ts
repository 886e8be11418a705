import { randomBytes } from 'node:crypto';
import {
  type ArtifactStore,
  type ComponentInfo,
  defineFlavor,
  definePlugin,
  type Plugin,
  pluginApiVersion,
} from '@slipway/core';
import { z } from 'zod';

/** A bucket of its own on a Google Cloud Storage server that asks for no credentials, and a plugin with a flavor `gcs-test` for it. */
export class GoogleStorageBucket {
  readonly name = `slipway-e2e-${randomBytes(4).toString('hex')}`;

  private constructor(private readonly endpoint: string) {}

  static async create(endpoint: string): Promise<GoogleStorageBucket> {
    const bucket = new GoogleStorageBucket(endpoint);
    await bucket.request('POST', '/storage/v1/b?project=slipway-e2e', JSON.stringify({ name: bucket.name }));
    return bucket;
  }

  /** `HOST:PORT`, as clients of Google's want it in STORAGE_EMULATOR_HOST. */
  get host(): string {
    return new URL(this.endpoint).host;
  }

  /** The names of all objects. */
  async objects(): Promise<string[]> {
    const response = await this.request('GET', `/storage/v1/b/${this.name}/o`);
    return ((await response.json()) as { items?: { name: string }[] }).items?.map(({ name }) => name) ?? [];
  }

  async put(key: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = `/upload/storage/v1/b/${this.name}/o?uploadType=media&name=${encodeURIComponent(key)}`;
    await this.request('POST', path, ReadableStream.from(content));
  }

  async delete(key: string): Promise<void> {
    await this.request('DELETE', `/storage/v1/b/${this.name}/o/${encodeURIComponent(key)}`);
  }

  async remove(): Promise<void> {
    for (const key of await this.objects()) await this.delete(key);
    await this.request('DELETE', `/storage/v1/b/${this.name}`);
  }

  /** @param stored called with the key of each object that the store writes */
  plugin(stored: (key: string) => void): Plugin {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the class below has a `this` of its own
    const bucket = this;
    class GoogleStorage implements ArtifactStore {
      readonly info: ComponentInfo = { type: 'artifact_store', flavor: 'gcs-test', name: 'bucket' };
      readonly uri = `gs://${bucket.name}`;
      readonly isLocal = false;

      async put(key: string, content: AsyncIterable<Uint8Array>): Promise<string> {
        await bucket.put(key, content);
        stored(key);
        return `${this.uri}/${key}`;
      }

      delete(key: string): Promise<void> {
        return bucket.delete(key);
      }
    }
    const flavor = defineFlavor({
      type: 'artifact_store',
      name: 'gcs-test',
      description: 'A bucket of the tests.',
      configSchema: z.strictObject({}),
      implementation: () => Promise.resolve(GoogleStorage),
    });
    return definePlugin({ apiVersion: pluginApiVersion, name: 'gcs-test', version: '0.0.0', flavors: [flavor] });
  }

  private async request(method: string, path: string, body?: string | ReadableStream): Promise<Response> {
    const response = await fetch(`${this.endpoint}${path}`, {
      method,
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf } from '@slipway/oci';

const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const manifest = JSON.stringify({ schemaVersion: 2, mediaType });

/** The digest of the one image that the registry has. */
export const imageDigest = digestOf(Buffer.from(manifest));

/** A registry that can be read from, and lets everybody push: it has one image, under every name. */
export class ScriptedRegistry {
  /** `Authorization` headers and paths as they came. */
  readonly asked: { readonly path: string; readonly authorization: string | undefined }[] = [];
  /** Whether the image is there. */
  hasImage = true;
  /** Whether every tag names the image as well. */
  hasTags = false;
  readonly #server: Server;
  port = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      const path = request.url ?? '';
      this.asked.push({ path, authorization: request.headers.authorization });
      if (path === '/v2/') {
        response.writeHead(200).end('{}');
        return;
      }
      if (path.includes('/blobs/uploads/')) {
        // Whoever asks whether they may push begins an upload, and takes it back.
        const begins = request.method === 'POST';
        response.writeHead(begins ? 202 : 204, begins ? { location: `${path}1` } : {}).end();
        return;
      }
      const isThere = path.endsWith(`/manifests/${imageDigest}`) || (this.hasTags && !path.includes('sha256:'));
      if (!isThere || !this.hasImage) {
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end(request.method === 'HEAD' ? undefined : '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
        return;
      }
      response.writeHead(200, {
        'content-type': mediaType,
        'content-length': manifest.length,
        'docker-content-digest': imageDigest,
      });
      response.end(request.method === 'HEAD' ? undefined : manifest);
    });
  }

  static async start(): Promise<ScriptedRegistry> {
    const registry = new ScriptedRegistry();
    registry.#server.listen(0, '127.0.0.1');
    await once(registry.#server, 'listening');
    registry.port = (registry.#server.address() as AddressInfo).port;
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

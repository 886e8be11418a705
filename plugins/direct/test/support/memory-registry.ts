import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf } from '@slipway/oci';

interface Stored {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A registry in memory, plain HTTP and without authentication, that remembers what it was asked. */
export class MemoryRegistry {
  /** By `repository@digest`. */
  readonly blobs = new Map<string, Buffer>();
  /** By `repository@digest` and `repository:tag`. */
  readonly manifests = new Map<string, Stored>();
  /** Method and path of every request, with the query of mounts. */
  readonly asked: string[] = [];
  /** Called before a request is answered; the answer waits for it. */
  beforeAnswer: (request: IncomingMessage) => Promise<void> | void = () => {};
  /** Whether everything is answered with 403. */
  refuses = false;
  /** `name:password` that everything needs from now on. */
  login: string | undefined;
  readonly #uploads = new Map<string, Buffer>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      void this.#handle(request, response);
    });
  }

  static async start(): Promise<MemoryRegistry> {
    const registry = new MemoryRegistry();
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The digests of blobs that somebody read. */
  get downloads(): string[] {
    return this.asked.flatMap((line) => /^GET .*\/blobs\/(sha256:.*)$/.exec(line)?.[1] ?? []);
  }

  /** How many blobs somebody began to send. */
  get uploads(): number {
    return this.asked.filter((line) => /^POST .*\/blobs\/uploads\/$/.test(line)).length;
  }

  get mounts(): string[] {
    return this.asked.filter((line) => line.includes('?mount='));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.beforeAnswer(request);
      const authorization = `Basic ${Buffer.from(this.login ?? '').toString('base64')}`;
      if (this.refuses) response.writeHead(403).end();
      else if (this.login !== undefined && request.headers.authorization !== authorization) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      } else await this.#answer(request, response);
    } catch {
      request.destroy(); // who asked went away
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://registry');
    const [, repository = '', kind, rest = ''] =
      /^\/v2\/(.+?)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === 'manifests') return this.#manifest(request, response, repository, rest);
    if (kind === 'blobs') return send(request, response, this.blobs.get(`${repository}@${rest}`));
    if (kind === undefined) return send(request, response, Buffer.from('{}'));
    const mount = url.searchParams.get('mount');
    const mounted = mount === null ? undefined : this.blobs.get(`${url.searchParams.get('from')}@${mount}`);
    if (mounted !== undefined) {
      this.blobs.set(`${repository}@${mount}`, mounted);
      response.writeHead(201).end();
      return;
    }
    const id = rest === '' ? String(this.#uploads.size + 1) : rest;
    const bytes = Buffer.concat([this.#uploads.get(id) ?? Buffer.alloc(0), await read(request)]);
    this.#uploads.set(id, bytes);
    const digest = url.searchParams.get('digest');
    if (digest !== null && digest !== digestOf(bytes)) {
      response.writeHead(400).end();
      return;
    }
    if (digest !== null) this.blobs.set(`${repository}@${digest}`, bytes);
    const location = `/v2/${repository}/blobs/uploads/${id}`;
    response.writeHead(digest === null ? 202 : 201, { location }).end();
  }

  async #manifest(
    request: IncomingMessage,
    response: ServerResponse,
    repository: string,
    reference: string,
  ): Promise<void> {
    const key = `${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
    if (request.method === 'PUT') {
      const stored = { mediaType: request.headers['content-type'] ?? '', bytes: await read(request) };
      this.manifests.set(key, stored).set(`${repository}@${digestOf(stored.bytes)}`, stored);
      response.writeHead(201).end();
      return;
    }
    const stored = this.manifests.get(key);
    send(request, response, stored?.bytes, stored?.mediaType);
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer | undefined,
  mediaType = 'application/octet-stream',
): void {
  if (bytes === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': mediaType,
    'content-length': bytes.length,
    'docker-content-digest': digestOf(bytes),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

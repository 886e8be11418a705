import { createHash } from 'node:crypto';
import {
  type ReceivedRequest,
  ScriptedServer,
  type ServerAction,
  type ServerAnswer,
  type ServerCertificate,
} from './scripted-server.js';

/** Takes a request over before the registry does, perhaps after a while; undefined lets it pass. */
export type RegistryFault = (request: ReceivedRequest) => ServerAction | undefined | Promise<ServerAction | undefined>;

interface Stored {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/**
 * A registry on a real socket with its content in memory: it does what the distribution specification says until a test gives it a fault,
 * and remembers what it was asked.
 */
export class MemoryRegistry {
  /** By `repository@digest`. */
  readonly blobs = new Map<string, Buffer>();
  /** By `repository@digest` and `repository:tag`. */
  readonly manifests = new Map<string, Stored>();
  /** What was received of each upload that is neither complete nor cancelled. */
  readonly uploads = new Map<string, Buffer[]>();
  fault: RegistryFault = () => undefined;
  /** `name:password` that everything needs from now on. */
  login: string | undefined;
  /** How many tags a page has. */
  pageLength = 100;
  /** Bytes of uploads received so far. */
  receivedBytes = 0;
  /** False for bodies that are only counted: their uploads come out empty. */
  keepsContent = true;
  #next = 0;

  /** @param server becomes the registry */
  constructor(readonly server: ScriptedServer) {
    server.script = async (request) =>
      (await this.fault(request)) ?? this.#unauthorized(request) ?? (await this.#answer(request));
  }

  /** @param certificate for HTTPS; plain HTTP without one */
  static async start(certificate?: ServerCertificate): Promise<MemoryRegistry> {
    return new MemoryRegistry(await ScriptedServer.start(certificate));
  }

  /** `host:port`. */
  get host(): string {
    return this.server.host;
  }

  /** The digests of blobs that somebody read, in order. */
  get downloads(): string[] {
    return this.server.asked.flatMap((line) => /^GET .*\/blobs\/(sha256:.*)$/.exec(line)?.[1] ?? []);
  }

  /** How many uploads somebody began. */
  get uploadsBegun(): number {
    return this.#starts.filter(({ searchParams }) => !searchParams.has('mount')).length;
  }

  /** The digests of blobs that somebody asked to be mounted from another repository. */
  get mounts(): string[] {
    return this.#starts.flatMap(({ searchParams }) => searchParams.get('mount') ?? []);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  get #starts(): URL[] {
    const starts = this.server.received.filter(
      ({ method, url }) => method === 'POST' && url.pathname.endsWith('/blobs/uploads/'),
    );
    return starts.map(({ url }) => url);
  }

  /** Receives this much of an upload's body and no more. */
  async receive(request: ReceivedRequest, limit: number): Promise<void> {
    const chunks = this.#upload(request);
    let left = limit;
    // The connection stays as it is: what becomes of it is the fault's to say.
    for await (const chunk of request.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      chunks?.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) return;
    }
  }

  #unauthorized({ headers }: ReceivedRequest): ServerAnswer | undefined {
    const expected = `Basic ${Buffer.from(this.login ?? '').toString('base64')}`;
    if (this.login === undefined || headers.authorization === expected) return undefined;
    return { status: 401, headers: { 'www-authenticate': 'Basic realm="test"' } };
  }

  async #answer(request: ReceivedRequest): Promise<ServerAction> {
    const { pathname } = request.url;
    if (pathname === '/v2/') return {};
    const [, repository = '', kind, rest = ''] =
      /^\/v2\/(.+?)\/(manifests|blobs\/uploads|blobs|tags)\/(.*)$/.exec(pathname) ?? [];
    if (kind === 'manifests') return this.#manifest(request, repository, rest);
    if (kind === 'blobs') return this.#blob(request, `${repository}@${rest}`);
    if (kind === 'tags') return this.#tags(request, repository);
    return rest === '' ? this.#start(request, repository) : this.#continue(request, repository, rest);
  }

  async #manifest(request: ReceivedRequest, repository: string, reference: string): Promise<ServerAnswer> {
    const key = `${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
    if (request.method === 'DELETE') return { status: this.manifests.delete(key) ? 202 : 404 };
    if (request.method === 'PUT') {
      const stored = { mediaType: request.headers['content-type'] ?? '', bytes: await read(request) };
      this.manifests.set(key, stored).set(`${repository}@${digestOf(stored.bytes)}`, stored);
      return { status: 201, headers: { 'docker-content-digest': digestOf(stored.bytes) } };
    }
    const stored = this.manifests.get(key);
    if (stored === undefined) return { status: 404 };
    const headers = { 'content-type': stored.mediaType, 'docker-content-digest': digestOf(stored.bytes) };
    return { headers, body: stored.bytes };
  }

  #blob(request: ReceivedRequest, key: string): ServerAnswer {
    if (request.method === 'DELETE') return { status: this.blobs.delete(key) ? 202 : 404 };
    const bytes = this.blobs.get(key);
    if (bytes === undefined) return { status: 404 };
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const body = bytes.subarray(from);
    const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
    return { status: from === 0 ? 200 : 206, headers: { 'content-length': body.length, ...(from && range) }, body };
  }

  #tags({ url }: ReceivedRequest, repository: string): ServerAnswer {
    const names = [...this.manifests.keys()].filter((key) => key.startsWith(`${repository}:`));
    const all = names.map((key) => key.slice(repository.length + 1)).sort();
    if (all.length === 0) return { status: 404 };
    const from = all.findIndex((tag) => tag > (url.searchParams.get('last') ?? ''));
    const tags = all.slice(from, from + this.pageLength);
    const link = `</v2/${repository}/tags/list?last=${tags.at(-1) ?? ''}>; rel="next"`;
    const hasMore = from + tags.length < all.length;
    return { headers: hasMore ? { link } : {}, body: JSON.stringify({ name: repository, tags }) };
  }

  #start({ url }: ReceivedRequest, repository: string): ServerAnswer {
    const mount = url.searchParams.get('mount');
    const mounted = this.blobs.get(`${url.searchParams.get('from') ?? ''}@${mount ?? ''}`);
    if (mounted !== undefined) {
      this.blobs.set(`${repository}@${mount ?? ''}`, mounted);
      return { status: 201 };
    }
    const id = String((this.#next += 1));
    this.uploads.set(id, []);
    // Relative here and whole below, as registries do either.
    return { status: 202, headers: { location: `/v2/${repository}/blobs/uploads/${id}?state=a%2Fb%3D` } };
  }

  async #continue(request: ReceivedRequest, repository: string, id: string): Promise<ServerAnswer> {
    const chunks = this.#upload(request);
    if (chunks === undefined || request.url.searchParams.get('state') !== 'a/b=') return { status: 404 };
    if (request.method === 'DELETE') return { status: this.uploads.delete(id) ? 204 : 404 };
    for await (const chunk of request.body as AsyncIterable<Buffer>) {
      this.receivedBytes += chunk.length;
      if (this.keepsContent) chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const location = `http://${request.headers.host ?? ''}/v2/${repository}/blobs/uploads/${id}?state=a%2Fb%3D`;
    const headers = { location, range: `0-${Math.max(0, bytes.length - 1)}` };
    if (request.method !== 'PUT') return { status: request.method === 'PATCH' ? 202 : 204, headers };
    const digest = request.url.searchParams.get('digest') ?? '';
    if (this.keepsContent && digestOf(bytes) !== digest) {
      return { status: 400, body: JSON.stringify({ errors: [{ code: 'DIGEST_INVALID' }] }) };
    }
    this.uploads.delete(id);
    this.blobs.set(`${repository}@${digest}`, bytes);
    return { status: 201 };
  }

  #upload({ url }: ReceivedRequest): Buffer[] | undefined {
    return this.uploads.get(url.pathname.slice(url.pathname.lastIndexOf('/') + 1));
  }
}

/** A fault for the first request that this is true of. */
export function firstTime(when: (request: ReceivedRequest) => boolean, fault: RegistryFault): RegistryFault {
  let isDone = false;
  return (request) => {
    if (isDone || !when(request)) return undefined;
    isDone = true;
    return fault(request);
  };
}

async function read(request: ReceivedRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request.body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

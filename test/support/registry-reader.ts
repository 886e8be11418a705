import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import type { EndToEndRegistry } from './e2e-environment.js';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Configuration {
  readonly os: string;
  readonly architecture: string;
  readonly config: { readonly Labels?: Readonly<Record<string, string>> };
}

/** An image of an index, and what its configuration says. */
interface IndexedImage {
  readonly digest: string;
  readonly platform: { readonly os: string; readonly architecture: string };
  readonly config: Configuration;
}

const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** Reads images as any client would, with nothing of the program under test. */
export class RegistryReader {
  readonly #host: string;

  constructor(private readonly registry: EndToEndRegistry) {
    this.#host = registry.uri.split('/', 1)[0] ?? '';
  }

  /** The digest that the registry has for `HOST/REPOSITORY:TAG`, by its content; undefined where it has nothing. */
  async digest(tagged: string): Promise<string | undefined> {
    const [repository, tag] = this.#split(tagged, tagged.lastIndexOf(':'));
    const { status, body } = await this.#get(`/v2/${repository}/manifests/${tag}`, repository);
    return status === 404 ? undefined : digestOf(body);
  }

  /** Manifest and configuration of `HOST/REPOSITORY[:TAG]@DIGEST`, which are checked against their digests. */
  async image(reference: string): Promise<{ readonly manifest: Manifest; readonly config: Configuration }> {
    const { manifest, repository } = await this.#manifest(reference);
    const { digest } = manifest.config;
    const config = await this.#content(`/v2/${repository}/blobs/${digest}`, repository, digest);
    return { manifest, config: JSON.parse(config.toString('utf8')) as Configuration };
  }

  /** The content of a file in the layers of `HOST/REPOSITORY[:TAG]@DIGEST`, which is checked against the digests. */
  async file(reference: string, path: string): Promise<string> {
    const { manifest, repository } = await this.#manifest(reference);
    for (const layer of manifest.layers.toReversed()) {
      const blob = await this.#content(`/v2/${repository}/blobs/${layer.digest}`, repository, layer.digest);
      const content = await untar(blob, path);
      if (content !== undefined) return content;
    }
    throw new Error(`${reference} has no file '${path}'.`);
  }

  async #manifest(reference: string): Promise<{ readonly manifest: Manifest; readonly repository: string }> {
    const [named, digest] = this.#split(reference, reference.indexOf('@'));
    const repository = named.replace(/:[^:/]*$/, '');
    const manifest = await this.#content(`/v2/${repository}/manifests/${digest}`, repository, digest);
    return { manifest: JSON.parse(manifest.toString('utf8')) as Manifest, repository };
  }

  /** The index of `HOST/REPOSITORY:TAG`, by its content; its images are checked against their digests. */
  async index(tagged: string): Promise<{ readonly digest: string; readonly images: readonly IndexedImage[] }> {
    const [repository, tag] = this.#split(tagged, tagged.lastIndexOf(':'));
    const { body } = await this.#get(`/v2/${repository}/manifests/${tag}`, repository);
    const { manifests } = JSON.parse(body.toString('utf8')) as { manifests: Omit<IndexedImage, 'config'>[] };
    const images: IndexedImage[] = [];
    for (const { digest, platform } of manifests) {
      const { config } = await this.image(`${tagged}@${digest}`);
      images.push({ digest, platform, config });
    }
    return { digest: digestOf(body), images };
  }

  #split(reference: string, at: number): [string, string] {
    return [reference.slice(this.#host.length + 1, at), reference.slice(at + 1)];
  }

  async #content(path: string, repository: string, digest: string): Promise<Buffer> {
    const { status, body } = await this.#get(path, repository);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body.toString('utf8')}`);
    if (digestOf(body) !== digest) throw new Error(`GET ${path}: the content is that of ${digestOf(body)}`);
    return body;
  }

  async #get(path: string, repository: string): Promise<Answer> {
    const url = `${this.registry.insecure ? 'http' : 'https'}://${this.#host}${path}`;
    let answer = await this.#request(url);
    if (answer.status === 401) {
      answer = await this.#request(
        url,
        await this.#authorization(String(answer.headers['www-authenticate']), repository),
      );
    }
    const { location } = answer.headers;
    // Where blobs lie somewhere else, that place has its own permissions in the address.
    if (answer.status >= 300 && answer.status < 400) return this.#request(new URL(String(location), url).href);
    return answer;
  }

  async #authorization(challenge: string, repository: string): Promise<string> {
    const { username, password } = this.registry;
    const basic =
      username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`;
    if (!/^bearer /i.test(challenge)) return basic ?? '';
    const parameter = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
    const query = new URLSearchParams({ service: parameter('service'), scope: `repository:${repository}:pull` });
    const { body } = await this.#request(`${parameter('realm')}?${query.toString()}`, basic);
    const { token, access_token } = JSON.parse(body.toString('utf8')) as { token?: string; access_token?: string };
    return `Bearer ${token ?? access_token ?? ''}`;
  }

  #request(url: string, authorization?: string): Promise<Answer> {
    const { authorities } = this.registry;
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      request(
        url,
        {
          headers: { accept: `${manifestTypes}, */*`, ...(authorization ? { authorization } : {}) },
          ...(authorities === undefined ? {} : { ca: [...rootCertificates, readFileSync(authorities, 'utf8')] }),
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
          });
        },
      )
        .on('error', reject)
        .end();
    });
  }
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** The file's content, or undefined where the archive has none of that name. */
function untar(archive: Buffer, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    const tar = execFile('tar', ['-xzOf', '-', path], options, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
    // It stops reading where it has found what it looks for.
    tar.stdin?.on('error', () => {});
    tar.stdin?.end(archive);
  });
}

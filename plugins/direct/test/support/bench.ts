import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import {
  type BuildControl,
  type BuildEvent,
  type BuildPlan,
  type BuildRequest,
  type BuildResult,
  createSlipway,
  type Slipway,
  SlipwayError,
} from '@slipway/core';
import { OciLayout, type Platform, RegistryClient } from '@slipway/oci';
import { MemoryRegistry } from '@slipway/testing';
import { expect } from 'chai';
import plugin from '../../src/index.js';
import { readImage, type ReadImage } from './read-image.js';

/** A folder to build, registries, and a Slipway with a direct builder. */
export class Bench {
  readonly events: BuildEvent[] = [];
  readonly #registries: MemoryRegistry[] = [];

  private constructor(
    readonly folder: string,
    readonly slipway: Slipway,
  ) {}

  static async start(): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-direct-'));
    const slipway = await createSlipway({ configDirectory: join(folder, 'slipway'), plugins: [plugin] });
    await mkdir(join(folder, 'context'));
    const bench = new Bench(folder, slipway);
    Object.assign(process.env, { DOCKER_CONFIG: bench.#dockerFolder, REGISTRY_AUTH_FILE: join(folder, 'none.json') });
    return bench;
  }

  get layoutFolder(): string {
    return join(this.folder, 'slipway', 'images');
  }

  async registry(): Promise<MemoryRegistry> {
    const registry = await MemoryRegistry.start();
    this.#registries.push(registry);
    return registry;
  }

  /** Writes files of the build context; those that begin with `#!` may be executed. */
  async files(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const full = join(this.folder, 'context', path);
      await mkdir(dirname(full), { recursive: true });
      await writeFile(full, content);
      await chmod(full, content.startsWith('#!') ? 0o755 : 0o644);
    }
  }

  dockerfile(...lines: readonly string[]): Promise<void> {
    return this.files({ Dockerfile: `${lines.join('\n')}\n` });
  }

  /** Makes a stack of the builder active, with the registry if one is given. */
  async configure(registry?: MemoryRegistry, builder: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { components, stacks } = this.slipway;
    await components.register({ type: 'image_builder', name: 'files', flavor: 'direct', configuration: builder });
    if (registry === undefined)
      return void (await stacks.register('prod', { image_builder: 'files' }, { activate: true }));
    const [username, password] = registry.login?.split(':') ?? [];
    const login = username === undefined ? {} : { username, password };
    const configuration = { uri: registry.host, insecure: true, ...login };
    await components.register({ type: 'container_registry', name: 'reg', flavor: 'default', configuration });
    await stacks.register('prod', { image_builder: 'files', container_registry: 'reg' }, { activate: true });
  }

  /** Logs in as Docker does; until then nobody is logged in anywhere. */
  async dockerLogin(host: string, login: string): Promise<void> {
    await mkdir(this.#dockerFolder, { recursive: true });
    const auths = { [host]: { auth: Buffer.from(login).toString('base64') } };
    await writeFile(join(this.#dockerFolder, 'config.json'), JSON.stringify({ auths }));
  }

  /** Has Docker's credentials of all registries given by a program, which is a shell script. */
  async credentialHelper(script: string): Promise<void> {
    await mkdir(this.#dockerFolder, { recursive: true });
    await writeFile(join(this.#dockerFolder, 'config.json'), JSON.stringify({ credsStore: 'scripted' }));
    await writeFile(join(this.#dockerFolder, 'docker-credential-scripted'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    process.env['PATH'] = `${this.#dockerFolder}${delimiter}${process.env['PATH']}`;
  }

  /** Builds with the stack of `configure`, which is called without a registry where it was not. */
  async build(request: Partial<BuildRequest> = {}, signal?: AbortSignal): Promise<BuildResult> {
    if ((await this.slipway.stacks.activeName()) !== 'prod') await this.configure();
    const control: BuildControl = { signal, onEvent: (event) => this.events.push(event) };
    return this.slipway.build({ ...this.#request, ...request }, control);
  }

  async plan(request: Partial<BuildRequest> = {}): Promise<BuildPlan> {
    const builder = await this.slipway.imageBuilder();
    return builder.plan({ ...this.#request, ...request });
  }

  /** A build that has to fail with the code. */
  async failure(code: string, request: Partial<BuildRequest> = {}, signal?: AbortSignal): Promise<SlipwayError> {
    const error: unknown = await this.build(request, signal).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!SlipwayError.is(error)) throw error ?? new Error(`expected ${code}, but nothing was thrown`);
    expect(error.code, error.message).to.equal(code);
    return error;
  }

  /** An image of the layout. */
  async image(reference = 'demo/hello:1', platform?: Platform): Promise<ReadImage> {
    return readImage(await OciLayout.open(this.layoutFolder), reference, platform);
  }

  /** Builds into the layout and reads the image back. */
  async built(request: Partial<BuildRequest> = {}): Promise<ReadImage> {
    await this.build(request);
    return this.image();
  }

  async pushedImage(registry: MemoryRegistry, repository: string, reference: string): Promise<ReadImage> {
    const client = new RegistryClient({ host: registry.host, transport: { insecure: true, skipTlsVerify: false } });
    try {
      return await readImage(client.repository(repository), reference);
    } finally {
      client.close();
    }
  }

  get warnings(): string[] {
    return this.eventsOf('warning').map(({ message }) => message);
  }

  eventsOf<T extends BuildEvent['type']>(type: T): Extract<BuildEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<BuildEvent, { type: T }> => event.type === type);
  }

  async close(): Promise<void> {
    await Promise.all(this.#registries.map((registry) => registry.stop()));
    await rm(this.folder, { recursive: true, force: true });
  }

  get #dockerFolder(): string {
    return join(this.folder, 'docker');
  }

  get #request(): BuildRequest {
    return { contextDirectory: join(this.folder, 'context'), tags: ['demo/hello:1'], platforms: ['linux/amd64'] };
  }
}

/** Gives every test of the suite a bench. */
export function useBench(): { readonly bench: Bench } {
  const used = { bench: undefined as unknown as Bench };
  let environment: NodeJS.ProcessEnv;
  beforeEach(async () => {
    environment = process.env;
    process.env = { ...environment };
    delete process.env['SOURCE_DATE_EPOCH'];
    used.bench = await Bench.start();
  });
  afterEach(async () => {
    process.env = environment;
    await used.bench.close();
  });
  return used;
}

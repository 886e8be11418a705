import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type BuildControl,
  type BuildEvent,
  type BuildPlan,
  type BuildRequest,
  type BuildResult,
  createSlipway,
  type Slipway,
  type SlipwayError,
} from '@slipway/core';
import { type BuildScript, ScriptedKubernetesApi } from '@slipway/testing';
import { expect } from 'chai';
import plugin from '../../src/index.js';
import { noLogins } from './environment.js';
import { failure } from './failures.js';
import { imageDigest, ScriptedRegistry } from './scripted-registry.js';
import { testPlugin } from './test-plugin.js';

export const token = 'the-token-of-the-scripted-api';

type Attributes = Record<string, unknown>;

/** A scripted cluster, a registry, a folder to build, and a Slipway with a kaniko builder for them. */
export class Bench {
  readonly events: BuildEvent[] = [];
  slipway!: Slipway;
  readonly #listeners = new Set<(event: BuildEvent) => void>();

  private constructor(
    readonly api: ScriptedKubernetesApi,
    readonly registry: ScriptedRegistry,
    readonly folder: string,
  ) {}

  static async start(): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-kaniko-'));
    const api = await ScriptedKubernetesApi.start({ token, namespaces: ['default', 'builds'] });
    const bench = new Bench(api, await ScriptedRegistry.start(), folder);
    process.env['KUBECONFIG'] = await api.writeKubeconfig(folder, { context: 'dev', namespace: 'builds' });
    await bench.file('Dockerfile', 'FROM scratch\nCOPY hello.txt /\n');
    await bench.file('hello.txt', 'hello\n');
    bench.slipway = await createSlipway({ configDirectory: join(folder, 'slipway'), plugins: [plugin, testPlugin] });
    bench.script({});
    return bench;
  }

  get context(): string {
    return join(this.folder, 'context');
  }

  /** Writes a file of the build context. */
  async file(path: string, content: string | Buffer): Promise<void> {
    const full = join(this.context, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, content);
  }

  /** What the cluster does with builds from now on; images get the digest that the registry has. */
  script(script: BuildScript): void {
    this.api.script({ digest: imageDigest, ...script });
  }

  /** Registers the components and makes a stack of them active. */
  async configure(builder: Attributes = {}, registry: Attributes = {}, store?: Attributes): Promise<void> {
    const { components, stacks } = this.slipway;
    await components.register({
      type: 'image_builder',
      name: 'kb',
      flavor: 'kaniko',
      configuration: { kubernetes_context: 'dev', ...builder },
    });
    await components.register({
      type: 'container_registry',
      name: 'reg',
      flavor: 'test',
      configuration: { uri: this.registry.host, ...registry },
    });
    if (store !== undefined) {
      await components.register({ type: 'artifact_store', name: 'bucket', flavor: 'test', configuration: store });
    }
    const all = { image_builder: 'kb', container_registry: 'reg', ...(store && { artifact_store: 'bucket' }) };
    await stacks.register('prod', all, { activate: true });
  }

  /** Builds with the stack of `configure`, which is called with its defaults where it was not. */
  async build(request: Partial<BuildRequest> = {}, control: Omit<BuildControl, 'onEvent'> = {}): Promise<BuildResult> {
    if ((await this.slipway.stacks.activeName()) !== 'prod') await this.configure();
    const onEvent = (event: BuildEvent): void => {
      this.events.push(event);
      for (const listener of this.#listeners) listener(event);
    };
    return this.slipway.build(
      { contextDirectory: this.context, tags: ['demo/hello:1'], ...request },
      { ...control, onEvent },
    );
  }

  /** A build that has to fail with the code. */
  async failure(
    code: string,
    request: Partial<BuildRequest> = {},
    control: Omit<BuildControl, 'onEvent'> = {},
  ): Promise<SlipwayError> {
    return failure(code, this.build(request, control));
  }

  async plan(request: Partial<BuildRequest> = {}): Promise<BuildPlan> {
    const builder = await this.slipway.imageBuilder();
    return builder.plan({ contextDirectory: this.context, tags: ['demo/hello:1'], ...request });
  }

  /** Resolves when a build tells such an event from now on. */
  told(matches: (event: BuildEvent) => boolean): Promise<BuildEvent> {
    return new Promise((resolve) => this.#listeners.add((event) => matches(event) && resolve(event)));
  }

  get lines(): string[] {
    return this.eventsOf('log').map(({ line }) => line);
  }

  get warnings(): string[] {
    return this.eventsOf('warning').map(({ message }) => message);
  }

  /** The reasons of waiting that were told. */
  get waits(): string[] {
    return this.eventsOf('waiting').map(({ reason }) => reason);
  }

  eventsOf<T extends BuildEvent['type']>(type: T): Extract<BuildEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<BuildEvent, { type: T }> => event.type === type);
  }

  /** The requests that create something. */
  get creations(): ScriptedKubernetesApi['requests'] {
    // Asking what one may do is a POST as well.
    return this.api.requests.filter(({ method, path }) => method === 'POST' && !path.endsWith('reviews'));
  }

  /** What arrived at the standard input of the one pod there was. */
  get input(): ReturnType<ScriptedKubernetesApi['stdin']> {
    const attach = this.api.requests.find(({ path }) => path.endsWith('/attach'));
    return this.api.stdin(attach?.path.split('/').at(-2) ?? '');
  }

  /** Objects of builds that are in the cluster. */
  get left(): string[] {
    const { jobs, pods, secrets } = this.api.objects;
    return [...jobs, ...pods, ...secrets].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.registry.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Gives every test of the suite a bench. After each of them nothing of a build may be left in the cluster.
 * @returns the bench, and for the tests where something has to be left a way to say so
 */
export function useBench(): {
  readonly bench: Bench;
  mayLeave: (kinds: RegExp) => void;
  /** Changes the environment for one test. */
  change: (name: string, value: string | undefined) => void;
} {
  // One for all that is changed: what is put back must not depend on an order.
  const change = noLogins();
  const used = { bench: undefined as unknown as Bench, mayLeave, change };
  let allowed: RegExp | undefined;
  function mayLeave(kinds: RegExp): void {
    allowed = kinds;
  }
  beforeEach(async () => {
    change('KUBECONFIG', undefined);
    used.bench = await Bench.start();
    allowed = undefined;
  });
  afterEach(async () => {
    const { left } = used.bench;
    await used.bench.close();
    expect(left.filter((object) => allowed?.test(object) !== true)).to.deep.equal([]);
  });
  return used;
}

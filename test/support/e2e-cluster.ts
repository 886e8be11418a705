import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';

const execute = promisify(execFile);

interface Kubeconfig {
  clusters: { name: string; cluster: object }[];
  users: { name: string; user: { token?: string; exec?: { env?: { name: string; value: string }[] | null } } }[];
  contexts: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
}

/** Part of what `kubectl get -o json` answers with. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly creationTimestamp: string };
}

/**
 * A new namespace of the chosen cluster, and a kubeconfig of our own in which the chosen context means that namespace, so that commands
 * need not name it.
 */
export class EndToEndCluster {
  /** A context in which nobody answers. */
  readonly unreachableContext = 'slipway-e2e-unreachable';
  /** A context whose user has the rights that `slipway image-builder rbac` prints, once they were given. */
  readonly builderContext = 'slipway-e2e-builder';
  /** A context whose user has no rights. */
  readonly forbiddenContext = 'slipway-e2e-forbidden';

  private constructor(
    readonly context: string,
    readonly namespace: string,
    readonly kubeconfig: string,
  ) {}

  /** @param kubeconfig the path to write the kubeconfig to */
  static async create(context: string, namespace: string, kubeconfig: string): Promise<EndToEndCluster> {
    const view = ['config', 'view', '--raw', '--flatten', '--minify', `--context=${context}`, '--output=json'];
    const config = JSON.parse((await execute('kubectl', view)).stdout) as Kubeconfig;
    const cluster = new EndToEndCluster(context, namespace, kubeconfig);
    for (const entry of config.contexts) entry.context.namespace = namespace;
    for (const { user } of config.users) {
      // The commands under test have a home of their own, but those that fetch credentials need the one they were set up in.
      if (user.exec) user.exec.env = [...(user.exec.env ?? []), { name: 'HOME', value: process.env['HOME'] ?? '' }];
    }
    await cluster.#write(config);
    await cluster.kubectl('create', 'namespace', namespace);
    try {
      // A pod is admitted only once the namespace has its account.
      await cluster.kubectl('wait', '--for=create', 'serviceaccount/default', '--timeout=60s');
      await cluster.#addContexts(config);
    } catch (error) {
      await cluster.remove();
      throw error;
    }
    return cluster;
  }

  /** Adds a context that reaches the cluster at another address, behind which it is. @returns its name */
  async contextAt(server: string): Promise<string> {
    const config = JSON.parse(await readFile(this.kubeconfig, 'utf8')) as Kubeconfig;
    const [ours] = config.contexts.filter(({ name }) => name === this.context);
    if (ours === undefined) throw new Error(`The kubeconfig has no context '${this.context}'.`);
    const name = `slipway-e2e-${new URL(server).port}`;
    // The certificate is for the address of the cluster itself.
    config.clusters.push({ name, cluster: { server, 'insecure-skip-tls-verify': true } });
    config.contexts.push({ name, context: { ...ours.context, cluster: name } });
    await this.#write(config);
    return name;
  }

  /** The address of the API server. */
  async server(): Promise<string> {
    const view = ['config', 'view', '--minify', '--output=jsonpath={.clusters[0].cluster.server}'];
    return this.kubectl(...view);
  }

  async kubectl(...args: readonly string[]): Promise<string> {
    const all = [`--kubeconfig=${this.kubeconfig}`, `--context=${this.context}`, ...args];
    return (await execute('kubectl', all, { maxBuffer: 64 * 1024 * 1024 })).stdout;
  }

  async list<T extends KubernetesObject>(...args: readonly string[]): Promise<T[]> {
    return (JSON.parse(await this.kubectl('get', '--output=json', ...args)) as { items: T[] }).items;
  }

  /** Where the history of the namespace's Jobs stands now, for `jobsCreatedSince`. */
  async jobHistory(): Promise<string> {
    const list = JSON.parse(await this.kubectl('get', '--raw', this.#jobsPath)) as {
      metadata: { resourceVersion: string };
    };
    return list.metadata.resourceVersion;
  }

  /** The names of the Jobs that were created since, even where they are gone again. */
  async jobsCreatedSince(history: string): Promise<string[]> {
    const watch = `${this.#jobsPath}?watch=1&timeoutSeconds=1&resourceVersion=${history}`;
    const events = (await this.kubectl('get', '--raw', watch)).split('\n').filter((line) => line !== '');
    return events
      .map((line) => JSON.parse(line) as { type: string; object: KubernetesObject })
      .filter(({ type }) => type === 'ADDED')
      .map(({ object }) => object.metadata.name);
  }

  /** Fails where a Job, pod or Secret is in the namespace, or anything of this run in another one. */
  async expectNothingLeft(): Promise<void> {
    expect(await this.#left('jobs,pods,secrets')).to.deep.equal([]);
    const elsewhere = await this.list(
      'jobs,pods,secrets',
      '--all-namespaces',
      `--selector=slipway.dev/image-builder=${this.namespace}`,
    );
    expect(elsewhere.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).to.deep.equal([]);
  }

  async remove(): Promise<void> {
    await this.kubectl('delete', 'namespace', this.namespace, '--ignore-not-found', '--timeout=120s');
  }

  get #jobsPath(): string {
    return `/apis/batch/v1/namespaces/${this.namespace}/jobs`;
  }

  async #left(kinds: string): Promise<string[]> {
    const items = await this.list<KubernetesObject & { type?: string }>(kinds);
    // Some clusters put Secrets of their own into every namespace, and those have types of their own.
    const ours = items.filter(({ kind, type }) => kind !== 'Secret' || type === 'Opaque');
    return ours.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
  }

  async #addContexts(config: Kubeconfig): Promise<void> {
    const { unreachableContext, builderContext, forbiddenContext, namespace } = this;
    await this.kubectl('create', 'serviceaccount', 'nobody');
    const token = (await this.kubectl('create', 'token', 'nobody')).trim();
    await this.kubectl('create', 'serviceaccount', 'builder');
    const builderToken = (await this.kubectl('create', 'token', 'builder', '--duration=6h')).trim();
    const [ours] = config.contexts;
    if (ours === undefined) throw new Error(`The kubeconfig has no context '${this.context}'.`);
    const { cluster, user } = ours.context;
    // Nothing listens at the port of TCP that is there to discard what comes.
    config.clusters.push({ name: unreachableContext, cluster: { server: 'https://127.0.0.1:9' } });
    config.users.push(
      { name: forbiddenContext, user: { token } },
      { name: builderContext, user: { token: builderToken } },
    );
    config.contexts.push(
      { name: unreachableContext, context: { cluster: unreachableContext, user, namespace } },
      { name: forbiddenContext, context: { cluster, user: forbiddenContext, namespace } },
      { name: builderContext, context: { cluster, user: builderContext, namespace } },
    );
    await this.#write(config);
  }

  async #write(config: Kubeconfig): Promise<void> {
    await writeFile(this.kubeconfig, JSON.stringify(config), { mode: 0o600 });
  }
}

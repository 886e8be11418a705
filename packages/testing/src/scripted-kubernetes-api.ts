import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Access, type Permission } from './access.js';
import { patched } from './admission.js';
import { ApiHandler } from './api-handler.js';
import { ApiServer, type RecordedRequest } from './api-server.js';
import type { BuildScript } from './build-script.js';
import type { ReceivedInput } from './container-process.js';
import { Faults } from './faults.js';
import { JobController } from './job-controller.js';
import { kubeconfigOf, type KubeconfigOptions } from './kubeconfig.js';
import type { Job, KubernetesObject, Pod } from './kubernetes-object.js';
import { ObjectStore } from './object-store.js';
import { events, jobs, namespaces, pods, resourceTypes, secrets } from './resource-types.js';

export interface ScriptedKubernetesApiOptions {
  /** The bearer token that is let in; random unless given. */
  readonly token?: string;
  /** Namespaces there are; only `default` unless given. */
  readonly namespaces?: readonly string[];
}

/**
 * A Kubernetes API server for tests: real HTTP and WebSocket on a port of 127.0.0.1, objects in memory, and a cluster
 * behind it that runs each Job as the script says. Speaks what an image build driven from a client uses: jobs, pods with
 * log and attach, secrets, events, namespaces, SelfSubjectAccessReviews, version; answers in the shapes of the real server.
 */
export class ScriptedKubernetesApi {
  /** What to do wrong. */
  readonly faults = new Faults();
  private readonly token: string;
  private readonly store = new ObjectStore();
  private readonly controller = new JobController(this.store);
  private readonly access = new Access();
  private readonly server: ApiServer;
  private returning: NodeJS.Timeout | undefined;

  private constructor(options: ScriptedKubernetesApiOptions) {
    const { store, controller, faults, access } = this;
    this.token = options.token ?? randomBytes(16).toString('hex');
    for (const name of options.namespaces ?? ['default']) {
      const labels = { 'kubernetes.io/metadata.name': name };
      this.store.create(namespaces, '', { metadata: { name, labels }, status: { phase: 'Active' } });
      this.put('serviceaccounts', name, { metadata: { name: 'default' } });
    }
    const handler = new ApiHandler(store, controller, faults, access);
    this.server = new ApiServer({ token: this.token, store, controller, faults, access, handler });
  }

  /** Starts a server on a free port. */
  static async start(options: ScriptedKubernetesApiOptions = {}): Promise<ScriptedKubernetesApi> {
    const api = new ScriptedKubernetesApi(options);
    await api.server.listen();
    return api;
  }

  /** `http://127.0.0.1:port`. */
  get url(): string {
    return this.server.url;
  }

  /** Every request so far, upgrades and refused ones too, in the order in which they arrived. */
  get requests(): readonly RecordedRequest[] {
    return this.server.requests;
  }

  /** What is in the cluster now, over all namespaces. */
  get objects(): { jobs: Job[]; pods: Pod[]; secrets: KubernetesObject[]; events: KubernetesObject[] } {
    return {
      jobs: this.store.list<Job>(jobs),
      pods: this.store.list<Pod>(pods),
      secrets: this.store.list(secrets),
      events: this.store.list(events),
    };
  }

  /**
   * Puts an object there, or in the place of one of that name, as an administrator would: a quota, a config map, the labels of a namespace.
   * @param plural e.g. `resourcequotas`
   * @param namespace empty for what is in none
   */
  put(plural: string, namespace: string, object: { readonly metadata: { readonly name: string } }): void {
    const type = resourceTypes.find((candidate) => candidate.plural === plural);
    if (type === undefined) throw new Error(`'${plural}' is not served.`);
    const there = this.store.find(type, namespace, object.metadata.name);
    if (there === undefined) this.store.create(type, namespace, structuredClone(object));
    else this.store.update(type, there, (draft) => Object.assign(draft, patched(draft, object)));
  }

  /** Sets what Jobs created from now on go through, or says it of each Job; each call replaces the script before. */
  script(script: BuildScript | ((job: Job) => BuildScript)): void {
    this.controller.script = script;
  }

  /** Answers 403 Forbidden to this from now on, and says so in SelfSubjectAccessReviews. */
  forbid(permission: Permission): void {
    this.access.forbid(permission);
  }

  /** What arrived at the standard input of a pod's container, also when the pod is gone; undefined: no such pod ever. */
  stdin(podName: string): ReceivedInput | undefined {
    return this.controller.processOf(podName)?.input.received;
  }

  /**
   * Stops listening and destroys every connection; the cluster's state stays and its builds go on. Resolves when gone.
   * @param milliseconds after which it comes back by itself; not before `comeBack()` unless given
   */
  async goAway(milliseconds?: number): Promise<void> {
    await this.server.stop();
    if (milliseconds !== undefined) this.returning = setTimeout(() => void this.comeBack(), milliseconds);
  }

  /** Listens again, on the same port, after `goAway()`. */
  async comeBack(): Promise<void> {
    clearTimeout(this.returning);
    await this.server.listen();
  }

  /** Text of a kubeconfig for this server. */
  kubeconfig(options: KubeconfigOptions = {}): string {
    return kubeconfigOf(this.url, this.token, options);
  }

  /** Writes the kubeconfig as `config` into the directory, made where it is missing. @returns the file's path */
  async writeKubeconfig(directory: string, options: KubeconfigOptions = {}): Promise<string> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, 'config');
    await writeFile(path, this.kubeconfig(options), { mode: 0o600 });
    return path;
  }

  /** Ends everything: no socket, timer or build is left. */
  async close(): Promise<void> {
    clearTimeout(this.returning);
    // The sockets first: a build that is stopped must not look to its client like one that has ended.
    await this.server.stop();
    this.controller.stop();
  }
}

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EndToEndCluster } from './e2e-cluster.js';
import { endToEndEnvironment, type EndToEndRegistry } from './e2e-environment.js';
import { SlipwayProcess } from './slipway-process.js';

let current: Promise<EndToEndRun> | undefined;

after('removes the namespace of the end-to-end tests', async function () {
  this.timeout(180_000);
  // Where it could not begin, the suites have said so.
  const run = await current?.catch(() => undefined);
  await run?.remove();
});

/** Mocha runs no hooks when it is interrupted, so the namespace has to be seen to here. */
function removeWhenInterrupted(run: EndToEndRun): void {
  let removal: Promise<void> | undefined;
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    // Of one Ctrl-C the terminal and npm each send a signal.
    process.on(signal, () => {
      removal ??= run.remove().finally(() => process.exit(exitCode));
    });
  }
}

/** One run of the end-to-end tests: its namespace, its path in the registry, its folder, and the program with settings of its own. */
export class EndToEndRun {
  #configurations = 0;
  #processes: SlipwayProcess[] = [];

  private constructor(
    /** Of the namespace and of every image builder, which so appears in the labels of what a build makes. */
    readonly name: string,
    readonly directory: string,
    readonly cluster: EndToEndCluster,
  ) {}

  /** The run that all suites share; it begins with the first and ends with the last. */
  static shared(): Promise<EndToEndRun> {
    return (current ??= EndToEndRun.#create());
  }

  static async #create(): Promise<EndToEndRun> {
    const name = `slipway-e2e-${randomBytes(4).toString('hex')}`;
    const directory = await realpath(await mkdtemp(join(tmpdir(), `${name}-`)));
    try {
      await mkdir(join(directory, 'home'));
      const cluster = await EndToEndCluster.create(endToEndEnvironment.context, name, join(directory, 'kubeconfig'));
      const run = new EndToEndRun(name, directory, cluster);
      removeWhenInterrupted(run);
      await run.#allowBuilder();
      return run;
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Gives the user whom the builds run as the Role that the program itself prints. */
  async #allowBuilder(): Promise<void> {
    const configuration = this.newConfiguration();
    // Of one whose builds wait for a turn, since some tests have such ones.
    const flags = [...this.builderFlags(), '--max_parallel_builds=10'];
    await this.start(configuration, 'image-builder', 'register', this.name, '--flavor=kaniko', ...flags).succeeds();
    const printed = this.start(configuration, 'image-builder', 'rbac', this.name, '--service-account=builder');
    const path = join(this.directory, 'role.yaml');
    await writeFile(path, (await printed.succeeds()).stdout);
    await this.cluster.kubectl('apply', `--filename=${path}`);
  }

  /** A path of this run alone in a registry. */
  uriIn(registry: EndToEndRegistry): string {
    return `${registry.uri}/${this.name}`;
  }

  /** A configuration folder that is not there yet. */
  newConfiguration(): string {
    return join(this.directory, `config-${++this.#configurations}`);
  }

  /** Starts `slipway` with these arguments. */
  start(configuration: string, ...args: readonly string[]): SlipwayProcess {
    const process = SlipwayProcess.start(args, {
      SLIPWAY_CONFIG_DIR: configuration,
      SLIPWAY_DEBUG: '',
      HOME: join(this.directory, 'home'),
      KUBECONFIG: this.cluster.kubeconfig,
    });
    this.#processes.push(process);
    return process;
  }

  /** Ends what a failed test left running, and fails where something was left in the cluster, which it then removes. */
  async afterTest(): Promise<void> {
    const processes = this.#processes;
    this.#processes = [];
    try {
      await Promise.all(processes.map((process) => process.stop()));
      await this.cluster.expectNothingLeft();
    } catch (error) {
      await this.cluster.kubectl('delete', 'jobs,pods', '--all', '--wait=false');
      throw error;
    }
  }

  /** Registers a builder, a registry and a stack of both, which becomes the active one. @returns the configuration's folder */
  async stack(options: { readonly registry?: EndToEndRegistry; readonly context?: string } = {}): Promise<string> {
    const configuration = this.newConfiguration();
    const registry = options.registry ?? endToEndEnvironment.registry;
    const lines = [
      ['container-registry', 'register', 'reg', '--flavor=default', ...this.registryFlags(registry)],
      ['image-builder', 'register', this.name, '--flavor=kaniko', ...this.builderFlags(options.context)],
      ['stack', 'register', 'prod', '-i', this.name, '-c', 'reg', '--set'],
    ];
    for (const line of lines) await this.start(configuration, ...line).succeeds();
    return configuration;
  }

  registryFlags(registry: EndToEndRegistry): string[] {
    return [
      `--uri=${this.uriIn(registry)}`,
      ...(registry.insecure ? ['--insecure=true'] : []),
      ...(registry.username === undefined ? [] : [`--username=${registry.username}`]),
      ...(registry.password === undefined ? [] : [`--password=${registry.password}`]),
      ...(registry.authorities === undefined ? [] : [`--ca_bundle=@${registry.authorities}`]),
    ];
  }

  /** @param context that of the user who has the rights that builds need, and no others, unless given */
  builderFlags(context = this.cluster.builderContext): string[] {
    const { executorImage } = endToEndEnvironment;
    return [
      `--kubernetes_context=${context}`,
      ...(executorImage === undefined ? [] : [`--executor_image=${executorImage}`]),
    ];
  }

  /** Writes a new build context. @param files content by path @returns its folder */
  async context(files: Readonly<Record<string, string>>): Promise<string> {
    const directory = await mkdtemp(join(this.directory, 'context-'));
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), content);
    }
    return directory;
  }

  async remove(): Promise<void> {
    try {
      await this.cluster.remove();
    } finally {
      await rm(this.directory, { recursive: true, force: true });
    }
  }
}

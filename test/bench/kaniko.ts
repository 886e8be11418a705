/*
 * How long builds take with `slipway build`, with `kubectl run -i` fed by `tar | gzip`, and with the executor alone reading the same context
 * from a folder of the node; whole commands, in turn, on the cluster that the variables of the end-to-end tests name. Beside those:
 *
 *   SLIPWAY_BENCH_ROUNDS       how often each is measured (3)
 *   SLIPWAY_BENCH_HOST_FOLDER  a folder that is the same here and on the cluster's node; without it the executor alone is not measured
 *   SLIPWAY_BENCH_LARGE        `true` to measure the memory at 4 GB as well
 *   SLIPWAY_BENCH_OUTPUT       where the JSON goes (bench-kaniko.json)
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EndToEndCluster } from '../support/e2e-cluster.js';
import { endToEndEnvironment, missingVariables } from '../support/e2e-environment.js';
import { slipwayProgram } from '../support/workspace.js';
import { type BenchContext, randomContext, smallContext, sourceContext } from './support/bench-contexts.js';
import { JobWatch } from './support/job-watch.js';
import { executor, rounds } from './support/bench-settings.js';
import { type Measurement, measure, median, medianRatio, medianSeconds } from './support/measure.js';
import { atMost, megabytes, printTable, type Row, seconds, writeReport } from './support/report.js';

const expectedRatios: Readonly<Record<string, number>> = { small: 0.6, 'random-300': 0.85, 'files-20000': 0.95 };
const expectedMemory = 200_000_000;
const expectedOwnSeconds = 0.4;

const hostFolder = process.env['SLIPWAY_BENCH_HOST_FOLDER'];

interface Result {
  readonly context: string;
  readonly slipway: readonly Measurement[];
  readonly kubectl: readonly Measurement[];
  readonly hostFolder: readonly Measurement[];
}

/** The ways to build, each a whole command. */
class Ways {
  readonly #registry = endToEndEnvironment.registry;

  constructor(
    readonly cluster: EndToEndCluster,
    private readonly directory: string,
  ) {}

  get #environment(): NodeJS.ProcessEnv {
    const config = join(this.directory, 'config');
    return { SLIPWAY_CONFIG_DIR: config, KUBECONFIG: this.cluster.kubeconfig, SLIPWAY_DEBUG: '' };
  }

  async setUp(): Promise<void> {
    const { insecure, uri } = this.#registry;
    const lines = [
      ['container-registry', 'register', 'bench', '--flavor=default', `--uri=${uri}`, `--insecure=${insecure}`],
      [
        ...['image-builder', 'register', 'bench', '--flavor=kaniko'],
        ...[`--kubernetes_context=${this.cluster.context}`, `--executor_image=${executor}`],
      ],
      ['stack', 'register', 'bench', '-i', 'bench', '-c', 'bench', '--set'],
    ];
    for (const line of lines) await measure(process.execPath, [slipwayProgram, ...line], this.#environment);
  }

  slipway({ name, directory }: BenchContext): Promise<Measurement> {
    const args = [slipwayProgram, 'build', directory, '-t', `bench/${name}:slipway`, '--progress=rawjson'];
    return measure(process.execPath, args, this.#environment);
  }

  kubectl({ name, directory }: BenchContext): Promise<Measurement> {
    const run = [
      ...['kubectl', ...this.kubectlOptions, 'run', podName(), '-i', '--rm', '--quiet', '--restart=Never'],
      ...['--pod-running-timeout=300s', `--image=${executor}`, '--'],
      ...this.#executorArgs('tar://stdin', `bench/${name}:kubectl`),
    ];
    return measure('sh', ['-c', 'tar -C "$0" -cf - . | gzip -c | "$@"', directory, ...run]);
  }

  /** What the executor itself needs: the same pod, its context on the node already. */
  hostFolder({ name, directory }: BenchContext): Promise<Measurement> {
    const pod = podName();
    const container = {
      name: pod,
      image: executor,
      args: this.#executorArgs('dir:///workspace', `bench/${name}:host`),
      volumeMounts: [{ name: 'context', mountPath: '/workspace' }],
    };
    const volumes = [{ name: 'context', hostPath: { path: directory } }];
    const overrides = JSON.stringify({ spec: { containers: [container], volumes } });
    const options = ['--attach', '--rm', '--quiet', '--restart=Never', `--image=${executor}`];
    return measure('kubectl', [...this.kubectlOptions, 'run', pod, ...options, `--overrides=${overrides}`]);
  }

  get kubectlOptions(): string[] {
    return [`--kubeconfig=${this.cluster.kubeconfig}`, `--context=${this.cluster.context}`];
  }

  #executorArgs(context: string, tag: string): string[] {
    const { uri, insecure } = this.#registry;
    const args = [`--context=${context}`, '--dockerfile=Dockerfile', `--destination=${uri}/${tag}`];
    return [...args, ...(insecure ? [`--insecure-registry=${uri.split('/', 1)[0]}`] : [])];
  }
}

function podName(): string {
  return `bench-${randomBytes(4).toString('hex')}`;
}

async function compare(ways: Ways, context: BenchContext): Promise<Result> {
  // Whatever is slow only once, such as a cold file cache, is slow here.
  await ways.slipway(context);
  const result = { context: context.name, slipway: [], kubectl: [], hostFolder: [] } as {
    context: string;
  } & Record<'slipway' | 'kubectl' | 'hostFolder', Measurement[]>;
  for (let round = 0; round < rounds; round++) {
    result.slipway.push(await ways.slipway(context));
    result.kubectl.push(await ways.kubectl(context));
    if (hostFolder !== undefined) result.hostFolder.push(await ways.hostFolder(context));
  }
  return result;
}

function row({ context, slipway, kubectl, hostFolder: host }: Result, title: string): Row {
  const memory = Math.max(...slipway.map(({ peakMemory }) => peakMemory));
  return {
    context: title,
    slipway: seconds(medianSeconds(slipway)),
    'kubectl run -i': seconds(medianSeconds(kubectl)),
    'executor alone': host.length === 0 ? '-' : seconds(medianSeconds(host)),
    'slipway / kubectl': atMost(medianRatio(slipway, kubectl), expectedRatios[context]),
    'slipway / executor': host.length === 0 ? '-' : medianRatio(slipway, host).toFixed(2),
    memory: `${megabytes(memory)}${memory < expectedMemory ? '' : ' ABOVE 200 MB'}`,
  };
}

/** What the client itself adds to a small build: before there is a Job, and after the container's end is known. */
async function ownTime(ways: Ways, context: BenchContext): Promise<{ before: number; after: number }> {
  const before: number[] = [];
  const after: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const watch = await JobWatch.start(ways.kubectlOptions);
    const { startedAt, endedAt } = await ways.slipway(context);
    watch.stop();
    if (watch.createdAt !== undefined) before.push(watch.createdAt - startedAt);
    // A client that knows the result before the node has reported the container's end adds nothing.
    after.push(Math.max(0, endedAt - (watch.terminatedAt ?? endedAt)));
  }
  return { before: median(before) / 1000, after: median(after) / 1000 };
}

async function main(): Promise<void> {
  const missing = missingVariables(['cluster']);
  if (missing.length > 0) throw new Error(`Name a cluster and a registry: ${missing.join(', ')} (test/README.md).`);
  const name = `slipway-bench-${randomBytes(4).toString('hex')}`;
  const directory = await mkdtemp(join(tmpdir(), `${name}-`));
  const contexts = hostFolder === undefined ? join(directory, 'contexts') : join(hostFolder, name);
  await mkdir(contexts, { recursive: true });
  const cluster = await EndToEndCluster.create(endToEndEnvironment.context, name, join(directory, 'kubeconfig'));
  try {
    const ways = new Ways(cluster, directory);
    await ways.setUp();
    const small = await smallContext(join(contexts, 'small'));
    const all = [
      small,
      await randomContext(join(contexts, 'random'), 300),
      await sourceContext(join(contexts, 'files'), 20_000),
    ];
    const results: Result[] = [];
    for (const context of all) results.push(await compare(ways, context));
    const own = await ownTime(ways, small);
    const large =
      process.env['SLIPWAY_BENCH_LARGE'] === 'true'
        ? await ways.slipway(await randomContext(join(contexts, 'large'), 4_000))
        : undefined;
    printTable(
      `Whole commands, medians of ${rounds}, with the executor ${executor}`,
      results.map((result, index) => row(result, all[index]?.title ?? '')),
    );
    const sum = own.before + own.after;
    console.log(
      `\nThe client itself, for a small build: ${seconds(own.before)} from process start to the Job, ${seconds(own.after)} from the ` +
        `container's end to the exit; together ${atMost(sum, expectedOwnSeconds)} s`,
    );
    if (large !== undefined) console.log(`Memory with 4 GB of context: ${megabytes(large.peakMemory)}`);
    const figures = { rounds, executor, results: results.map(plain), own, largeContextPeakMemory: large?.peakMemory };
    await writeReport(process.env['SLIPWAY_BENCH_OUTPUT'] ?? 'bench-kaniko.json', figures);
  } finally {
    await cluster.remove();
    await rm(directory, { recursive: true, force: true });
    await rm(contexts, { recursive: true, force: true });
  }
}

function plain({ context, slipway, kubectl, hostFolder: host }: Result): object {
  const figures = (runs: readonly Measurement[]): object[] =>
    runs.map(({ milliseconds, peakMemory }) => ({ milliseconds: Math.round(milliseconds), peakMemory }));
  return {
    context,
    ratioToKubectl: medianRatio(slipway, kubectl),
    ...(host.length === 0 ? {} : { ratioToExecutorAlone: medianRatio(slipway, host) }),
    slipway: figures(slipway),
    kubectl: figures(kubectl),
    executorAlone: figures(host),
  };
}

await main();

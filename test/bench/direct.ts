/*
 * How long builds take with the direct builder and with the kaniko one; whole commands, in turn, on the cluster and in the registry that the
 * variables of the end-to-end tests name. Beside those:
 *
 *   SLIPWAY_BENCH_ROUNDS   how often each is measured (3)
 *   SLIPWAY_BENCH_LARGE    `true` to measure the memory at 3 GB and at 100,000 files as well
 *   SLIPWAY_BENCH_OUTPUT   where the JSON goes (bench-direct.json)
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { EndToEndCluster } from '../support/e2e-cluster.js';
import { endToEndEnvironment, missingVariables } from '../support/e2e-environment.js';
import { slipwayProgram } from '../support/workspace.js';
import { type BenchContext, randomContext, smallContext, sourceContext } from './support/bench-contexts.js';
import { executor, rounds } from './support/bench-settings.js';
import { type Measurement, measure, medianRatio, medianSeconds } from './support/measure.js';
import { atMost, megabytes, printTable, type Row, seconds, writeReport } from './support/report.js';

const baseMegabytes = 200;
// Files that changed less than two seconds ago are not remembered; those of a person's context have been there for longer.
const settlingMilliseconds = 2_500;

type Builder = 'direct' | 'kaniko';

/** What is compared. */
interface Case {
  readonly name: string;
  readonly title: string;
  readonly context: BenchContext;
  /** How much of the kaniko builder's time it may take. */
  readonly expected: number;
  /** What is done before each round. */
  readonly prepare?: (round: number) => Promise<void>;
  /** Whether the direct builder begins each round with an empty cache. */
  readonly cold?: boolean;
}

interface Result extends Case {
  readonly direct: readonly Measurement[];
  readonly kaniko: readonly Measurement[];
}

/** The program with a stack for either builder, in one namespace and under one path of the registry. */
class Builders {
  readonly #registry = endToEndEnvironment.registry;

  constructor(
    private readonly cluster: EndToEndCluster,
    private readonly directory: string,
    private readonly name: string,
  ) {}

  /** `HOST[:PORT]/PATH`, of this run alone. */
  get uri(): string {
    return `${this.#registry.uri}/${this.name}`;
  }

  async setUp(): Promise<void> {
    const { insecure, username, password, authorities } = this.#registry;
    const registry = [
      ...['--flavor=default', `--uri=${this.uri}`, `--insecure=${insecure}`],
      ...(username === undefined ? [] : [`--username=${username}`]),
      ...(password === undefined ? [] : [`--password=${password}`]),
      ...(authorities === undefined ? [] : [`--ca_bundle=@${authorities}`]),
    ];
    const kaniko = [`--kubernetes_context=${this.cluster.context}`, `--executor_image=${executor}`];
    for (const [builder, flags] of [['direct', []] as const, ['kaniko', kaniko] as const]) {
      await this.#run(builder, 'container-registry', 'register', 'bench', ...registry);
      await this.#run(builder, 'image-builder', 'register', 'bench', `--flavor=${builder}`, ...flags);
      await this.#run(builder, 'stack', 'register', 'bench', '-i', 'bench', '-c', 'bench', '--set');
    }
  }

  build(builder: Builder, { name, directory }: BenchContext): Promise<Measurement> {
    return this.#run(builder, 'build', directory, '-t', `${name}:${builder}`, '--progress=rawjson');
  }

  /** Takes from the direct builder all that it remembers. */
  async forget(): Promise<void> {
    await rm(join(this.#configuration('direct'), 'cache'), { recursive: true, force: true });
  }

  #run(builder: Builder, ...args: readonly string[]): Promise<Measurement> {
    const environment = {
      SLIPWAY_CONFIG_DIR: this.#configuration(builder),
      KUBECONFIG: this.cluster.kubeconfig,
      SLIPWAY_DEBUG: '',
    };
    return measure(process.execPath, [slipwayProgram, ...args], environment);
  }

  #configuration(builder: Builder): string {
    return join(this.directory, builder);
  }
}

async function compare(builders: Builders, compared: Case): Promise<Result> {
  const { context, prepare, cold = false } = compared;
  // Whatever is slow only once, such as a cold file cache, is slow here.
  await builders.build('direct', context);
  const direct: Measurement[] = [];
  const kaniko: Measurement[] = [];
  for (let round = 1; round <= rounds; round++) {
    await prepare?.(round);
    if (cold) await builders.forget();
    direct.push(await builders.build('direct', context));
    kaniko.push(await builders.build('kaniko', context));
  }
  return { ...compared, direct, kaniko };
}

/** New content in one file, of which nobody knows yet. */
async function change(file: string): Promise<void> {
  await writeFile(file, `${randomBytes(200).toString('hex')}\n`);
  await setTimeout(settlingMilliseconds);
}

async function cases(builders: Builders, contexts: string): Promise<Case[]> {
  const files = await sourceContext(join(contexts, 'files'), 20_000);
  const random = await randomContext(join(contexts, 'random'), 300);
  const base = await randomContext(join(contexts, 'base'), baseMegabytes);
  const small = await smallContext(join(contexts, 'small'));
  await builders.build('direct', base);
  await writeFile(
    join(small.directory, 'Dockerfile'),
    `FROM ${builders.uri}/${base.name}:direct\nCOPY hello.txt /app/\n`,
  );
  return [
    {
      ...{ name: 'first', title: `${files.title}, first build`, context: files, expected: 0.15, cold: true },
      prepare: () => change(join(files.directory, 'src', 'package-0', 'module-1.ts')),
    },
    {
      ...{ name: 'rebuild', title: `${files.title}, one changed`, context: files, expected: 0.15 },
      prepare: () => change(join(files.directory, 'src', 'package-50', 'module-10001.ts')),
    },
    {
      ...{ name: 'random', title: random.title, context: random, expected: 0.6, cold: true },
      prepare: () => change(join(random.directory, 'new.txt')),
    },
    {
      ...{ name: 'base', title: `one file on a base of ${baseMegabytes} MB`, context: small, expected: 0.15 },
      prepare: () => change(join(small.directory, 'hello.txt')),
    },
  ];
}

function row({ title, expected, direct, kaniko }: Result): Row {
  return {
    context: title,
    direct: seconds(medianSeconds(direct)),
    kaniko: seconds(medianSeconds(kaniko)),
    'direct / kaniko': atMost(medianRatio(direct, kaniko), expected),
    'memory of direct': megabytes(peakMemory(direct)),
  };
}

function peakMemory(runs: readonly Measurement[]): number {
  return Math.max(...runs.map((run) => run.peakMemory));
}

async function largeContexts(builders: Builders, contexts: string): Promise<Record<string, number>> {
  const large = [
    await randomContext(join(contexts, 'large'), 3_000),
    await sourceContext(join(contexts, 'many'), 100_000),
  ];
  const memory: Record<string, number> = {};
  for (const context of large) {
    memory[context.name] = (await builders.build('direct', context)).peakMemory;
    console.log(`Memory of direct with ${context.title}: ${megabytes(memory[context.name] ?? 0)}`);
  }
  return memory;
}

async function main(): Promise<void> {
  const missing = missingVariables(['cluster']);
  if (missing.length > 0) throw new Error(`Name a cluster and a registry: ${missing.join(', ')} (test/README.md).`);
  const name = `slipway-bench-${randomBytes(4).toString('hex')}`;
  const directory = await mkdtemp(join(tmpdir(), `${name}-`));
  const contexts = join(directory, 'contexts');
  await mkdir(contexts);
  const cluster = await EndToEndCluster.create(endToEndEnvironment.context, name, join(directory, 'kubeconfig'));
  try {
    const builders = new Builders(cluster, directory, name);
    await builders.setUp();
    const results: Result[] = [];
    for (const compared of await cases(builders, contexts)) results.push(await compare(builders, compared));
    printTable(`Whole commands, medians of ${rounds}, with the executor ${executor}`, results.map(row));
    const large = process.env['SLIPWAY_BENCH_LARGE'] === 'true' ? await largeContexts(builders, contexts) : undefined;
    const figures = { rounds, executor, results: results.map(plain), largeContextPeakMemory: large };
    await writeReport(process.env['SLIPWAY_BENCH_OUTPUT'] ?? 'bench-direct.json', figures);
  } finally {
    await cluster.remove();
    await rm(directory, { recursive: true, force: true });
  }
}

function plain({ name, title, expected, direct, kaniko }: Result): object {
  const figures = (runs: readonly Measurement[]): object[] =>
    runs.map((run) => ({ milliseconds: Math.round(run.milliseconds), peakMemory: run.peakMemory }));
  const ratio = medianRatio(direct, kaniko);
  return { name, title, expected, ratio, direct: figures(direct), kaniko: figures(kaniko) };
}

await main();

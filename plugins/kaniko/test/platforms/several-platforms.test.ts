import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseImageIndex } from '@slipway/oci';
import { type BuildScript, Gate, type Job, MemoryRegistry } from '@slipway/testing';
import { expect } from 'chai';
import { type Bench, useBench } from '../support/bench.js';
import { platformOf, type PlatformImageOptions, pushesImage } from '../support/platform-executor.js';

const both = ['linux/amd64', 'linux/arm64'];

describe('A build for several platforms', () => {
  const used = useBench();
  let registry: MemoryRegistry;
  let bench: Bench;

  beforeEach(async () => {
    ({ bench } = used);
    registry = await MemoryRegistry.start();
    for (const architecture of ['amd64', 'arm64', 'arm']) addNode('linux', architecture);
    builds();
  });
  afterEach(() => registry.stop());

  function addNode(os: string, architecture: string): void {
    const labels = { 'kubernetes.io/os': os, 'kubernetes.io/arch': architecture };
    const metadata = { name: `node-${architecture}`, labels };
    bench.api.put('nodes', '', { metadata });
  }

  /** What executors do from now on; where it is said, with more than that for some platforms. */
  function builds(
    more: Readonly<Record<string, BuildScript>> = {},
    images: Readonly<Record<string, PlatformImageOptions>> = {},
  ): void {
    bench.api.script((job) => {
      const platform = platformOf(job);
      return { ...pushesImage(registry, job, images[platform]), ...more[platform] };
    });
  }

  function configure(builder: Record<string, unknown> = {}): Promise<void> {
    return bench.configure(builder, { uri: registry.host });
  }

  function index(tag: string) {
    const stored = registry.manifests.get(tag);
    const parsed = stored && parseImageIndex(stored.bytes);
    if (stored === undefined || parsed === undefined) throw new Error(`${tag} is no index`);
    return { mediaType: stored.mediaType, ...parsed };
  }

  const createdJobs = (): Job[] =>
    bench.creations.filter(({ path }) => path.endsWith('/jobs')).map(({ body }) => body as Job);

  it('is a Job for each on nodes of its architecture, and an index of their images under every tag', async () => {
    await configure();
    const tags = ['demo/hello:1', 'demo/hello:latest', 'demo/copy:1'];
    const result = await bench.build({ platforms: both, tags, buildId: 'whole' });
    expect(result.buildId).to.equal('whole');
    for (const tag of tags) {
      const { mediaType, manifests } = index(tag);
      expect(mediaType).to.equal('application/vnd.oci.image.index.v1+json');
      expect(manifests.map(({ platform }) => platform)).to.deep.equal([
        { os: 'linux', architecture: 'amd64' },
        { os: 'linux', architecture: 'arm64' },
      ]);
      const [repository = ''] = tag.split(':');
      for (const { digest, size, mediaType: type } of manifests) {
        const image = registry.manifests.get(`${repository}@${digest}`);
        expect({ size: image?.bytes.length, type: image?.mediaType }).to.deep.equal({ size, type });
      }
    }
    expect(registry.manifests.has(`demo/copy@${result.digest}`)).to.be.true;
    expect(result.images).to.deep.equal(
      tags.map((tag) => ({
        tag: `${registry.host}/${tag}`,
        reference: `${registry.host}/${tag}@${result.digest}`,
      })),
    );
    expect(result.timings.map(({ stage }) => stage)).to.deep.equal(['prepare', 'build', 'index']);

    const jobs = createdJobs();
    expect(jobs.map(({ metadata }) => metadata.name).sort()).to.deep.equal([
      'slipway-build-whole-amd64',
      'slipway-build-whole-arm64',
    ]);
    for (const { spec } of jobs) {
      const { nodeSelector, tolerations, containers } = spec.template.spec as unknown as Record<string, unknown> & {
        nodeSelector: Record<string, string>;
        containers: { args: string[] }[];
      };
      const architecture = nodeSelector['kubernetes.io/arch'] ?? '';
      expect(nodeSelector).to.deep.equal({ 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': architecture });
      expect(tolerations).to.deep.equal([
        { key: 'kubernetes.io/arch', operator: 'Equal', value: architecture, effect: 'NoSchedule' },
      ]);
      const [args = []] = containers.map((container) => container.args);
      expect(args).to.include(`--custom-platform=linux/${architecture}`);
      expect(args.filter((arg) => arg.startsWith('--destination='))).to.deep.equal([
        `--destination=${registry.host}/demo/hello:1-linux-${architecture}`,
        `--destination=${registry.host}/demo/copy:1-linux-${architecture}`,
      ]);
    }
    expect(bench.warnings).to.deep.equal([]);
  });

  it('is that of the platforms as Go names them, each once, however they are written', async () => {
    await configure();
    await bench.build({ platforms: ['linux/x86_64', 'aarch64', 'linux/arm64/v8', 'linux/arm'] });
    expect(createdJobs().map(platformOf).sort()).to.deep.equal(['linux/amd64', 'linux/arm/v7', 'linux/arm64']);
    expect(index('demo/hello:1').manifests.map(({ platform }) => platform)).to.deep.equal([
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
      { os: 'linux', architecture: 'arm', variant: 'v7' },
    ]);
  });

  it('builds all of them at the same time, and says of what happens to which it happens', async () => {
    await configure();
    const gates = both.map(() => new Gate());
    builds(
      Object.fromEntries(
        both.map((platform, at) => [platform, { afterInput: [{ log: platform }, { gate: gates[at] as Gate }] }]),
      ),
    );
    const building = bench.build({ platforms: both });
    await Promise.all(gates.map((gate) => gate.reached));
    for (const gate of gates) gate.open();
    const { buildId } = await building;
    expect(bench.eventsOf('log').every(({ line, platform }) => line === platform)).to.be.true;
    const stages = (platform: string | undefined) =>
      bench
        .eventsOf('stage-ended')
        .filter((event) => event.platform === platform)
        .map(({ stage }) => stage);
    expect(stages(undefined)).to.deep.equal(['prepare', 'build', 'index']);
    for (const platform of both) {
      expect(stages(platform)).to.deep.equal(['prepare', 'start', 'upload', 'build', 'finish']);
    }
    const created = bench.eventsOf('build-created');
    expect(created.map((event) => event.buildId)).to.deep.equal([buildId]);
    expect(created[0]?.tags).to.deep.equal([`${registry.host}/demo/hello:1`]);
    expect(created[0]?.resources).to.have.length(2);
  });

  it('sends every executor the same context', async () => {
    await configure();
    await bench.build({ platforms: both });
    const pods = bench.api.requests.flatMap(({ path }) => /pods\/([^/]+)\/attach$/.exec(path)?.[1] ?? []);
    expect(pods).to.have.length(2);
    const digests = pods.map((pod) => bench.api.stdin(pod)?.sha256);
    expect(digests[0]).to.be.a('string');
    expect(digests[1]).to.equal(digests[0]);
  });

  it('takes what runs where from the images, and the variant from what was asked for where they say none', async () => {
    await configure();
    const arm = ['linux/arm/v6', 'linux/arm/v7', 'linux/amd64', 'linux/amd64'];
    builds({}, { 'linux/arm/v7': { config: { variant: 'v7', note: 'another image' } } });
    await bench.build({ platforms: arm });
    expect(index('demo/hello:1').manifests.map(({ platform }) => platform)).to.deep.equal([
      { os: 'linux', architecture: 'arm', variant: 'v6' },
      { os: 'linux', architecture: 'arm', variant: 'v7' },
      { os: 'linux', architecture: 'amd64' },
    ]);
    expect([...registry.manifests.keys()]).to.include('demo/hello:1-linux-arm-v7');
  });

  it('makes a list as Docker has it of images as Docker has them, unless it is annotated', async () => {
    await configure();
    builds({}, Object.fromEntries(both.map((platform) => [platform, { format: 'docker' }])));
    await bench.build({ platforms: both });
    expect(index('demo/hello:1').mediaType).to.equal('application/vnd.docker.distribution.manifest.list.v2+json');
    const annotations = { 'org.opencontainers.image.title': 'Hello' };
    await bench.build({ platforms: both, annotations });
    expect(index('demo/hello:1').mediaType).to.equal('application/vnd.oci.image.index.v1+json');
    expect(index('demo/hello:1').annotations).to.deep.equal(annotations);
  });

  it('tells once of what is left out of the context, and of no platform', async () => {
    await configure();
    const socket = createServer().listen(join(bench.context, 'build.sock'));
    try {
      await once(socket, 'listening');
      await bench.build({ platforms: both });
      const warnings = bench.eventsOf('warning');
      expect(warnings.map(({ message }) => message)).to.deep.equal(['Left out of the build context: build.sock.']);
      expect(warnings[0]?.platform).to.equal(undefined);
    } finally {
      socket.close();
    }
  });

  it('moves its tags, and makes no more of them', async () => {
    await configure();
    await bench.build({ platforms: both });
    await bench.build({ platforms: both });
    const tags = [...registry.manifests.keys()].filter((key) => key.startsWith('demo/hello:'));
    expect(tags.sort()).to.deep.equal(['demo/hello:1', 'demo/hello:1-linux-amd64', 'demo/hello:1-linux-arm64']);
  });

  it('fails with what fails first, says for which platform that was, and leaves nothing of the others', async () => {
    await configure();
    const amd64 = new Gate();
    const reached = amd64.reached.then(() => arm64.open());
    const arm64 = new Gate();
    builds({
      'linux/amd64': { afterInput: [{ gate: amd64 }] },
      'linux/arm64': { afterInput: [{ gate: arm64 }, { log: 'error building image: no luck' }], exit: { exitCode: 1 } },
    });
    const error = await bench.failure('EXECUTOR_FAILED', { platforms: both });
    await reached;
    expect(error.message).to.match(/^\[linux\/arm64\] /);
    expect(bench.left).to.deep.equal([]);
    expect([...registry.manifests.keys()]).not.to.include('demo/hello:1');
    const created = bench.eventsOf('build-created');
    expect(created).to.have.length(1);
  });

  it('names no platform where what fails is the same for all', async () => {
    await configure();
    bench.api.forbid({ verb: 'create', resource: 'jobs' });
    const error = await bench.failure('KUBERNETES_FORBIDDEN', { platforms: both });
    expect(error.message).to.match(/^The cluster of context 'dev' does not let you create jobs/);
  });

  it('says what failed, though of what another client began it stops no more than the following', async () => {
    await configure();
    const goesOn = new Gate();
    const fails = new Gate();
    builds({
      'linux/amd64': { afterInput: [{ gate: goesOn }] },
      'linux/arm64': { afterInput: [{ gate: fails }], exit: { exitCode: 1 } },
    });
    const { builds: remote } = await bench.slipway.imageBuilder();
    for (const name of ['amd64', 'arm64']) {
      const part = { tags: [`demo/hello:1-linux-${name}`], platforms: [`linux/${name}`], buildId: `same-${name}` };
      await remote?.start({ contextDirectory: bench.context, ...part });
    }
    fails.open();
    const error = await bench.failure('EXECUTOR_FAILED', { platforms: both, buildId: 'same' });
    expect(error.message).to.match(/^\[linux\/arm64\] /);
    expect(bench.api.objects.jobs.map(({ metadata }) => metadata.name)).to.include('slipway-build-same-amd64');
    goesOn.open();
    for (const name of ['amd64', 'arm64']) await remote?.cancel(`same-${name}`);
  });

  it('is cancelled as one', async () => {
    await configure();
    const gates = both.map(() => new Gate());
    builds(Object.fromEntries(both.map((platform, at) => [platform, { afterInput: [{ gate: gates[at] as Gate }] }])));
    const controller = new AbortController();
    const failed = bench.failure('BUILD_CANCELLED', { platforms: both }, { signal: controller.signal });
    await Promise.all(gates.map((gate) => gate.reached));
    controller.abort();
    expect((await failed).message).not.to.include('linux/');
    expect(bench.left).to.deep.equal([]);
  });

  it('is cancelled as one from elsewhere, and shown as its parts', async () => {
    await configure();
    const gates = both.map(() => new Gate());
    builds(Object.fromEntries(both.map((platform, at) => [platform, { afterInput: [{ gate: gates[at] as Gate }] }])));
    const building = bench.build({ platforms: both, buildId: 'whole' }).catch((error: unknown) => error);
    await Promise.all(gates.map((gate) => gate.reached));
    const { builds: remote } = await bench.slipway.imageBuilder();
    const ids = (await remote?.list())?.map(({ buildId }) => buildId);
    expect(ids?.sort()).to.deep.equal(['whole-amd64', 'whole-arm64']);
    const error = await remote?.show('whole').catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'BUILD_OF_SEVERAL_PLATFORMS' });
    expect((error as Error & { reason: string }).reason).to.include('whole-amd64, whole-arm64');
    expect((await remote?.show('whole-arm64'))?.tags).to.deep.equal([`${registry.host}/demo/hello:1-linux-arm64`]);
    await remote?.cancel('whole');
    expect(await building).to.be.an('error');
    expect(bench.left).to.deep.equal([]);
  });

  it('waits for its turns where fewer builds than it has platforms may run', async () => {
    await configure({ max_parallel_builds: 1 });
    const result = await bench.build({ platforms: both });
    expect(index('demo/hello:1').manifests).to.have.length(2);
    expect(result.digest).to.match(/^sha256:/);
    expect(bench.waits).to.include('MaxParallelBuilds');
  });

  it('follows the parts that run under its id, where the same is asked for', async () => {
    await configure();
    const gates = both.map(() => new Gate());
    builds(
      Object.fromEntries(
        both.map((platform, at) => [platform, { afterInput: [{ log: platform }, { gate: gates[at] as Gate }] }]),
      ),
    );
    const first = bench.build({ platforms: both, buildId: 'same' });
    await Promise.all(gates.map((gate) => gate.reached));
    const shownTwice = bench.told(() => bench.lines.length === 4);
    const second = bench.build({ platforms: both, buildId: 'same' });
    await shownTwice;
    for (const gate of gates) gate.open();
    const [one, two] = await Promise.all([first, second]);
    expect(two.images).to.deep.equal(one.images);
    expect(bench.warnings.toSorted()).to.deep.equal(
      ['amd64', 'arm64'].map((name) => `The build 'same-${name}' runs already; this is its progress.`),
    );
    expect(bench.api.requests.filter(({ path }) => path.endsWith('/attach'))).to.have.length(2);
  });

  describe('that cannot come to an end', () => {
    const nothingStarted = (): void => {
      expect(bench.creations).to.deep.equal([]);
      expect(registry.manifests.size).to.equal(0);
    };

    it('is refused where the cluster has no node for one of them', async () => {
      await configure();
      const error = await bench.failure('NO_NODE_FOR_PLATFORM', { platforms: ['linux/amd64', 'linux/s390x'] });
      expect(error.message).to.include("'dev' has no node for linux/s390x.");
      expect(error.reason).to.equal('Its nodes are for linux/amd64, linux/arm, linux/arm64.');
      expect(error.fix).to.include('--nodes_on_demand=true');
      nothingStarted();
    });

    it('is refused for a single platform as well, of which nobody is warned who may not look', async () => {
      await configure();
      await bench.failure('NO_NODE_FOR_PLATFORM', { platforms: ['linux/s390x'] });
      nothingStarted();
      bench.api.forbid({ verb: 'list', resource: 'nodes' });
      await bench.build({ platforms: ['linux/s390x'] });
      expect(bench.warnings).to.deep.equal([]);
    });

    it('is not refused where nodes come when they are needed, or where the user says on which it builds', async () => {
      const platforms = ['linux/amd64', 'linux/s390x'];
      await configure({ nodes_on_demand: true });
      await bench.build({ platforms });
      await bench.slipway.components.update('image_builder', 'kb', {
        nodes_on_demand: false,
        node_selector: { 'kubernetes.io/arch': 'amd64' },
      });
      await bench.build({ platforms });
      expect(index('demo/hello:1').manifests).to.have.length(2);
      const selectors = createdJobs().map(({ spec }) =>
        JSON.stringify((spec.template.spec as { nodeSelector?: object }).nodeSelector),
      );
      expect(selectors.filter((selector) => selector.includes('s390x'))).to.have.length(1);
    });

    it('is warned of where nobody may look at the nodes', async () => {
      await configure();
      bench.api.forbid({ verb: 'list', resource: 'nodes' });
      await bench.build({ platforms: both });
      expect(bench.warnings).to.deep.equal([
        'Whether the cluster has nodes for linux/amd64 and linux/arm64 could not be looked at.',
      ]);
    });

    it('is refused where this machine does not reach the registry', async () => {
      await configure();
      await registry.stop();
      const error = await bench.failure('REGISTRY_UNREACHABLE', { platforms: both });
      expect(error.message).to.include('cannot be pushed from this machine');
      nothingStarted();
    });

    it('is refused where this machine may not push to the registry', async () => {
      await configure();
      registry.login = 'somebody:else';
      const error = await bench.failure('REGISTRY_UNAUTHORIZED', { platforms: both });
      expect(error.message).to.include('cannot be pushed from this machine');
      nothingStarted();
    });

    it('is refused where nobody would be there to push the index', async () => {
      await configure();
      const { builds: remote } = await bench.slipway.imageBuilder();
      const request = { contextDirectory: bench.context, tags: ['demo/hello:1'], platforms: both };
      const error = await remote?.start(request).catch((reason: unknown) => reason);
      expect(error).to.include({ code: 'SEVERAL_PLATFORMS_DETACHED', exitCode: 2 });
      nothingStarted();
    });

    it('is refused where something is no platform, or its names would be too long', async () => {
      await configure();
      const platform = await bench.failure('INVALID_PLATFORM', { platforms: ['linux/amd64', 'linux/arm46'] });
      expect(platform.fix).to.equal('Did you mean linux/arm64?');
      await bench.failure('INVALID_PLATFORM', { platforms: ['linux/foo'] });
      const error = await bench.failure('INVALID_BUILD_ID', {
        platforms: ['linux/amd64', 'linux/mips64le/softfloat'],
        buildId: 'b'.repeat(40),
      });
      expect(error.reason).to.include('63 characters');
      nothingStarted();
    });

    it('fails where an image is not for what was asked for', async () => {
      await configure();
      builds({}, { 'linux/arm64': { config: { architecture: 'amd64' } } });
      const error = await bench.failure('IMAGE_OF_OTHER_PLATFORM', { platforms: both });
      expect(error.message).to.equal('The image that was built for linux/arm64 is for linux/amd64.');
      expect([...registry.manifests.keys()]).not.to.include('demo/hello:1');
    });
  });

  it('is planned as all its Jobs, under the tags of the index', async () => {
    await configure();
    const plan = await bench.plan({ platforms: both, buildId: 'whole' });
    expect(plan.tags).to.deep.equal([`${registry.host}/demo/hello:1`]);
    const jobs = plan.resources as Job[];
    expect(jobs.map(({ metadata }) => metadata.name)).to.deep.equal([
      'slipway-build-whole-amd64',
      'slipway-build-whole-arm64',
    ]);
    await bench.build({ platforms: both, buildId: 'whole' });
    const sent = createdJobs().toSorted((one, other) => one.metadata.name.localeCompare(other.metadata.name));
    const attempt = 'slipway.dev/attempt';
    for (const { metadata } of sent) delete metadata.annotations?.[attempt];
    expect(sent).to.deep.equal(jobs);
  });
});

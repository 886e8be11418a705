import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';
import { imageDigest } from '../support/scripted-registry.js';

describe('A build', () => {
  const used = useBench();

  it('ends with the references by digest, and the time of every stage', async () => {
    const { bench } = used;
    const result = await bench.build({ tags: ['demo/hello:1', 'demo/hello:latest'], buildId: 'the-first' });
    const name = `${bench.registry.host}/demo/hello`;
    expect(result.buildId).to.equal('the-first');
    expect(result.digest).to.equal(imageDigest);
    expect(result.images).to.deep.equal([
      { tag: `${name}:1`, reference: `${name}:1@${imageDigest}` },
      { tag: `${name}:latest`, reference: `${name}:latest@${imageDigest}` },
    ]);
    expect(result.timings.map(({ stage }) => stage)).to.deep.equal(['prepare', 'start', 'upload', 'build', 'finish']);
    expect(result.timings.every(({ milliseconds }) => Number.isInteger(milliseconds))).to.be.true;
    expect(bench.warnings).to.deep.equal([]);
  });

  it('tells its stages one after the other, its progress, and every line of the executor', async () => {
    const { bench } = used;
    const gate = new Gate();
    bench.script({
      afterInput: [{ log: 'RUN make' }, { gate }, { log: 'warning: slow', stream: 'stderr' }, { log: '' }],
    });
    const building = bench.build();
    await gate.reached;
    gate.open();
    await building;
    const told = bench.events.map((event) => ('stage' in event ? `${event.type} ${event.stage}` : event.type));
    const stages = told.filter((text) => text.startsWith('stage-'));
    expect(stages).to.deep.equal(
      ['prepare', 'start', 'upload', 'build', 'finish'].flatMap((stage) => [
        `stage-started ${stage}`,
        `stage-ended ${stage}`,
      ]),
    );
    expect(bench.eventsOf('stage-ended').every(({ outcome }) => outcome === 'done')).to.be.true;
    const progress = bench.eventsOf('progress').at(-1);
    expect(progress).to.include({ stage: 'upload', bytes: progress?.totalBytes });
    expect(bench.lines).to.deep.equal(['RUN make', 'warning: slow', '']);
    expect(JSON.parse(JSON.stringify(bench.events))).to.deep.equal(bench.events);
  });

  it('shows a line while the executor still runs', async () => {
    const { bench } = used;
    const gate = new Gate();
    bench.script({ afterInput: [{ log: 'half way' }, { gate }] });
    const shown = bench.told((event) => event.type === 'log' && event.line === 'half way');
    const building = bench.build();
    await Promise.all([gate.reached, shown]);
    gate.open();
    await building;
  });

  it('sends the whole context, less what .dockerignore leaves out', async () => {
    const { bench } = used;
    const large = randomBytes(5 * 1024 * 1024);
    await bench.file('.dockerignore', 'node_modules\n');
    await bench.file('node_modules/left-out.js', '');
    await bench.file('assets/large.bin', large);
    await bench.file('assets/empty', '');
    await bench.build();
    expect(bench.input?.state).to.equal('ended');
    const unpacked = join(bench.folder, 'unpacked');
    await mkdir(unpacked);
    execFileSync('tar', ['-xzf', '-', '-C', unpacked], { input: bench.input?.content });
    expect((await readdir(unpacked)).sort()).to.deep.equal(['.dockerignore', 'Dockerfile', 'assets', 'hello.txt']);
    expect(await readFile(join(unpacked, 'hello.txt'), 'utf8')).to.equal('hello\n');
    expect((await readFile(join(unpacked, 'assets/large.bin'))).equals(large)).to.be.true;
    expect(await readFile(join(unpacked, 'assets/empty'), 'utf8')).to.equal('');
  });

  it('uses the Dockerfile that was named', async () => {
    const { bench } = used;
    await bench.file('docker/api.Dockerfile', 'FROM scratch\n');
    await bench.build({ dockerfile: 'docker/api.Dockerfile' });
    const job = bench.creations[0]?.body;
    expect(JSON.stringify(job)).to.include('"--dockerfile=docker/api.Dockerfile"');
  });

  it('touches nothing in the cluster but where there is a Dockerfile, valid tags and a valid id', async () => {
    const { bench } = used;
    await bench.failure('DOCKERFILE_NOT_FOUND', { dockerfile: 'Dokerfile' });
    await bench.failure('INVALID_BUILD_ID', { buildId: 'Not an id' });
    await bench.failure('REFERENCE_OUTSIDE_REGISTRY', { tags: ['ghcr.io/other/hello:1'] });
    expect(bench.api.requests.filter(({ path }) => !path.endsWith('reviews'))).to.deep.equal([]);
  });

  it('builds in the namespace of the context, or in the one that is configured', async () => {
    const { bench } = used;
    await bench.build();
    await bench.slipway.components.update('image_builder', 'kb', { kubernetes_namespace: 'default' });
    await bench.build();
    const created = bench.creations.map(({ path }) => path);
    expect(created).to.deep.equal(['/apis/batch/v1/namespaces/builds/jobs', '/apis/batch/v1/namespaces/default/jobs']);
  });

  it('says that a namespace is not there', async () => {
    const { bench } = used;
    await bench.configure({ kubernetes_namespace: 'nowhere' });
    const error = await bench.failure('NAMESPACE_NOT_FOUND');
    expect(error.message).to.include("no namespace 'nowhere'");
    expect(error.fix).to.include('create namespace nowhere');
  });

  it('follows the build that runs under its id, where the same is asked for in whatever words', async () => {
    const { bench } = used;
    await bench.configure({ nodes_on_demand: true });
    const gate = new Gate();
    bench.script({ afterInput: [{ log: 'RUN make' }, { gate }] });
    const first = bench.build({ buildId: 'same', platforms: ['linux/amd64'] });
    await gate.reached;
    const shown = bench.told(() => bench.lines.length === 2);
    const second = bench.build({ buildId: 'same', platforms: ['linux/x86_64'] });
    await shown;
    gate.open();
    const [one, two] = await Promise.all([first, second]);
    expect(two.images).to.deep.equal(one.images);
    expect(bench.lines).to.deep.equal(['RUN make', 'RUN make']);
    expect(bench.warnings).to.deep.equal(["The build 'same' runs already; this is its progress."]);
    expect(bench.api.requests.filter(({ path }) => path.endsWith('/attach'))).to.have.length(1);
  });

  it('refuses the id of a build that is asked for something else, and leaves that alone', async () => {
    const { bench } = used;
    const gate = new Gate();
    bench.script({ afterInput: [{ gate }] });
    const first = bench.build({ buildId: 'same' });
    await gate.reached;
    const other = await bench.failure('BUILD_ID_IN_USE', { buildId: 'same', tags: ['demo/other:1'] });
    expect(other.reason).to.include(`${bench.registry.host}/demo/hello:1`);
    await bench.file('hello.txt', 'HELLO\n');
    await bench.failure('BUILD_ID_IN_USE', { buildId: 'same' });
    expect(bench.left).to.have.length(2);
    gate.open();
    await first;
  });

  it('lets two builds run next to each other', async () => {
    const { bench } = used;
    await bench.configure();
    const [one, two] = await Promise.all([bench.build(), bench.build({ tags: ['demo/other:2'] })]);
    expect(one.buildId).to.not.equal(two.buildId);
    expect(two.images[0]?.tag).to.equal(`${bench.registry.host}/demo/other:2`);
  });
});

import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { RegistryReader } from '../support/registry-reader.js';

// Nothing of it has to be run, so that one kind of node makes it for every platform.
const dockerfile = 'FROM scratch\nARG TARGETARCH\nCOPY ${TARGETARCH}.txt /made.txt\n';
const files = { Dockerfile: dockerfile, 'amd64.txt': 'amd64\n', 'arm64.txt': 'arm64\n' };

describeEndToEnd('a build for a platform that the cluster has no node for', [], (world) => {
  it('is refused, before anything starts, where the cluster has no node for one', async () => {
    const { run } = world;
    const configuration = await run.stack({ context: run.cluster.context });
    const history = await run.cluster.jobHistory();
    const context = await run.context(files);
    const missing = ['--platform', 'linux/amd64,linux/s390x'];
    const { stderr, exitCode } = await run.start(configuration, 'build', context, ...missing, '-t', 'demo/none:1').end;
    expect(stderr).to.include('Code: NO_NODE_FOR_PLATFORM').and.include('has no node for linux/s390x');
    expect(stderr).to.include('linux/amd64.');
    expect(exitCode).to.equal(1);
    expect(await run.cluster.jobsCreatedSince(history)).to.deep.equal([]);
  });
});

// What it copies stands in a variable of the platform, which not every executor knows.
describeEndToEnd('a build for several platforms', ['kaniko'], (world) => {
  const reader = new RegistryReader(endToEndEnvironment.registry);
  const build = ['build', '--platform', 'linux/amd64,linux/arm64'];

  /** A stack whose builds all go to nodes for amd64. */
  async function stack(context?: string): Promise<string> {
    const { run } = world;
    const configuration = await run.stack({ context });
    const selector = '--node_selector={"kubernetes.io/arch": "amd64"}';
    await run.start(configuration, 'image-builder', 'update', run.name, selector).succeeds();
    return configuration;
  }

  it('ends with an index of the images of all, for whoever has the least Role too', async () => {
    const { run } = world;
    const configuration = await stack();
    const context = await run.context(files);
    const tags = ['-t', 'demo/platforms:1', '-t', 'demo/platforms:latest'];
    const { stdout, stderr } = await run.start(configuration, ...build, context, ...tags).succeeds();
    expect(stderr).to.include('could not be looked at');
    const references = stdout.trim().split('\n');
    expect(references).to.have.length(2);
    for (const reference of references) {
      const [tag = '', digest] = reference.split('@');
      const index = await reader.index(tag);
      expect(index.digest).to.equal(digest);
      expect(index.images.map(({ platform }) => platform)).to.deep.equal([
        { os: 'linux', architecture: 'amd64' },
        { os: 'linux', architecture: 'arm64' },
      ]);
      for (const { platform, config, digest: image } of index.images) {
        expect(config).to.include(platform);
        const single = `${tag.replace(/:[^:]*$/, '')}:1-linux-${platform.architecture}`;
        expect(await reader.digest(single)).to.equal(image);
        expect(await reader.file(`${single}@${image}`, 'made.txt')).to.equal(`${platform.architecture}\n`);
      }
    }
  });

  it('fails as one, and says for which platform', async () => {
    const { run } = world;
    const configuration = await stack(run.cluster.context);
    const context = await run.context({ Dockerfile: dockerfile, 'amd64.txt': 'amd64\n' });
    const { stdout, stderr, exitCode } = await run.start(configuration, ...build, context, '-t', 'demo/half:1').end;
    expect(stderr).to.match(/^Error: \[linux\/arm64\] /m);
    expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: 1 });
    expect(await reader.digest(`${run.uriIn(endToEndEnvironment.registry)}/demo/half:1`)).to.equal(undefined);
  });
});

import { createRequire } from 'node:module';
import { type BuildResult, createSlipway, type Plugin, SlipwayError } from '@slipway/core';
import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';

const count = 50;

describeEndToEnd('fifty builds at once from one process', ['standIn'], (world) => {
  let kubeconfig: string | undefined;
  before(() => {
    kubeconfig = process.env['KUBECONFIG'];
    process.env['KUBECONFIG'] = world.run.cluster.kubeconfig;
  });
  after(() => {
    if (kubeconfig === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = kubeconfig;
  });

  it('all end right, with eight at a time', async function () {
    this.timeout(600_000);
    const { run } = world;
    const configuration = await run.stack();
    const attributes = [`--executor_image=${endToEndEnvironment.standInImage}`, '--max_parallel_builds=8'];
    await run.start(configuration, 'image-builder', 'update', run.name, ...attributes).succeeds();
    const context = await run.context({ Dockerfile: 'FROM scratch\nCOPY hello.txt /\n', 'hello.txt': 'hello\n' });
    // The plugin as the command loads it, of the package that depends on it.
    const path = createRequire(import.meta.resolve('@slipway/cli')).resolve('@slipway/plugin-kaniko');
    const { default: plugin } = (await import(path)) as { default: Plugin };
    const slipway = await createSlipway({ configDirectory: configuration, plugins: [plugin] });
    const build = (index: number): Promise<BuildResult> =>
      slipway.build({ contextDirectory: context, tags: [`many/app-${index}:1`] });
    const results = await Promise.allSettled(
      Array.from({ length: count }, (_, index) =>
        // On a node whose network is a plain bridge, pods that come and go change the bridge's own address, and one that starts at that
        // moment reaches nothing for half a minute. That ends its build in order, and says nothing against this one's client.
        build(index).catch((error: unknown) => {
          if (SlipwayError.is(error) && error.code === 'REGISTRY_UNREACHABLE') return build(index);
          throw error;
        }),
      ),
    );
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(failures).to.deep.equal([]);
    const digests = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.digest] : []));
    expect(new Set(digests).size).to.equal(1);
  });
});

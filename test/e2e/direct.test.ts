import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { RegistryReader } from '../support/registry-reader.js';

describeEndToEnd('the direct builder', [], (world) => {
  it('puts files onto a base image, and what comes of it runs as a pod', async () => {
    const { run } = world;
    const { registry, baseImage } = endToEndEnvironment;
    const configuration = run.newConfiguration();
    const slipway = (...args: readonly string[]) => run.start(configuration, ...args).succeeds();
    await slipway('container-registry', 'register', 'reg', '--flavor=default', ...run.registryFlags(registry));
    await slipway('image-builder', 'register', 'files', '--flavor=direct');
    await slipway('stack', 'register', 'direct', '-i', 'files', '-c', 'reg', '--set');
    const context = await run.context({
      Dockerfile: `FROM ${baseImage}\nWORKDIR /app\nCOPY --chown=1000:1000 hello.txt .\nCMD ["cat", "/app/hello.txt"]\n`,
      'hello.txt': 'Hello from files.\n',
    });

    const first = await slipway('build', context, '-t', 'demo/files:1');
    const reference = first.stdout.trim();
    expect(await new RegistryReader(registry).file(reference, 'app/hello.txt')).to.equal('Hello from files.\n');
    expect((await slipway('build', context, '-t', 'demo/files:1')).stdout).to.equal(first.stdout);

    const { cluster } = run;
    const pod = ['run', 'files', `--image=${reference}`, '--restart=Never'];
    await cluster.kubectl(...pod);
    try {
      await cluster.kubectl('wait', 'pod/files', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s');
      expect(await cluster.kubectl('logs', 'files')).to.equal('Hello from files.\n');
    } finally {
      await cluster.kubectl('delete', 'pod', 'files', '--grace-period=0', '--force');
    }
  });
});

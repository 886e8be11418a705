import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { RegistryReader } from '../support/registry-reader.js';

const examples = fileURLToPath(new URL('../../../examples', import.meta.url));

describeEndToEnd('the four lines', [], (world) => {
  it('register a builder and a registry, put them into a stack, and build', async () => {
    const { run } = world;
    const { registry } = endToEndEnvironment;
    const configuration = run.newConfiguration();
    const slipway = (...args: readonly string[]) => run.start(configuration, ...args).succeeds();

    await slipway('container-registry', 'register', 'reg', '--flavor=default', ...run.registryFlags(registry));
    await slipway('image-builder', 'register', run.name, '--flavor=kaniko', ...run.builderFlags());
    await slipway('stack', 'register', 'prod', '-i', run.name, '-c', 'reg', '--set');
    const { stdout, stderr } = await slipway('build', `${examples}/hello`, '-t', 'demo/hello:1');

    expect(stdout).to.match(/^\S+@sha256:[0-9a-f]{64}\n$/);
    const reference = stdout.trim();
    const [tag, digest] = reference.split('@');
    expect(tag).to.equal(`${run.uriIn(registry)}/demo/hello:1`);
    expect(stderr).to.include('Sending the build context');

    const reader = new RegistryReader(registry);
    expect(await reader.digest(tag ?? '')).to.equal(digest);
    expect(await reader.file(reference, 'hello.txt')).to.equal('Hello from Slipway.\n');
  });

  it('build two images at the same time', async () => {
    const { run } = world;
    const { registry, baseImage } = endToEndEnvironment;
    const configuration = await run.stack();
    const build = async (name: string): Promise<string> => {
      const context = await run.context({
        Dockerfile: `FROM ${baseImage}\nCOPY name.txt /\nRUN cat /name.txt > /made.txt\n`,
        'name.txt': name,
      });
      return (await run.start(configuration, 'build', context, '-t', `demo/${name}:1`).succeeds()).stdout.trim();
    };
    const references = await Promise.all([build('one'), build('two')]);
    const reader = new RegistryReader(registry);
    expect(await reader.file(references[0], 'made.txt')).to.equal('one');
    expect(await reader.file(references[1], 'made.txt')).to.equal('two');
  });
});

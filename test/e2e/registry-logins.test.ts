import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { RegistryReader } from '../support/registry-reader.js';

describeEndToEnd('a registry with a private authority, and a password that', ['protectedRegistry'], (world) => {
  let path: string | undefined;
  beforeEach(() => {
    path = process.env['PATH'];
  });
  afterEach(() => {
    process.env['PATH'] = path;
    delete process.env['DOCKER_CONFIG'];
  });

  /** Pushes to the registry and pulls the base image from it, with a component that knows its address and authority alone. */
  async function builds(tag: string): Promise<void> {
    const registry = endToEndEnvironment.protectedRegistry;
    const { run } = world;
    const dockerfile = `ARG BASE\nFROM $BASE\nRUN sleep 2 && echo hello > /made.txt\n`;
    const context = await run.context({ Dockerfile: dockerfile });
    const stack = await run.stack({ registry: { ...registry, username: undefined, password: undefined } });
    const options = ['-t', tag, '--build-arg', `BASE=${endToEndEnvironment.protectedBaseImage}`];
    const planned = await run.start(stack, 'build', context, ...options, '--dry-run').succeeds();
    expect(planned.stdout).to.include('config.json');
    const building = run.start(stack, 'build', context, ...options);
    await building.prints('Building the image');
    const [objects, logs] = await Promise.all([
      run.cluster.kubectl('get', 'jobs,pods,events,configmaps', '--output=json'),
      run.cluster.kubectl('logs', '--selector=app.kubernetes.io/managed-by=slipway', '--tail=-1'),
    ]);
    expect(objects).to.include('slipway-build-');
    const { stdout, stderr } = await building.succeeds();
    expect(await new RegistryReader(registry).file(stdout.trim(), 'made.txt')).to.equal('hello\n');
    expect(stderr).not.to.include('Warning');
    const encoded = Buffer.from(`${registry.username}:${registry.password}`).toString('base64');
    const told = `${planned.stdout}${planned.stderr}${stdout}${stderr}${objects}${logs}`;
    for (const secret of [registry.password, encoded]) expect(told).not.to.include(secret);
  }

  async function dockerConfig(content: object): Promise<string> {
    const folder = await world.run.context({ 'config.json': JSON.stringify(content) });
    process.env['DOCKER_CONFIG'] = folder;
    return folder;
  }

  const host = (): string => endToEndEnvironment.protectedRegistry.uri.split('/', 1)[0] ?? '';

  it("Docker's configuration has", async () => {
    const { username, password } = endToEndEnvironment.protectedRegistry;
    await dockerConfig({ auths: { [host()]: { auth: Buffer.from(`${username}:${password}`).toString('base64') } } });
    await builds('demo/logins:file');
  });

  it('a credential helper gives', async () => {
    const { username, password } = endToEndEnvironment.protectedRegistry;
    const folder = await dockerConfig({ credHelpers: { [host()]: 'of-the-test' } });
    await mkdir(join(folder, 'bin'));
    const helper = join(folder, 'bin', 'docker-credential-of-the-test');
    const answer = JSON.stringify({ ServerURL: host(), Username: username, Secret: password });
    await writeFile(helper, `#!/bin/sh\ncat > /dev/null\necho '${answer}'\n`);
    await chmod(helper, 0o700);
    process.env['PATH'] = `${join(folder, 'bin')}${delimiter}${path ?? ''}`;
    await builds('demo/logins:helper');
  });

  it('lies in a Secret of the cluster', async () => {
    const registry = endToEndEnvironment.protectedRegistry;
    const { run } = world;
    const login = [`--docker-server=${host()}`, `--docker-username=${registry.username}`];
    await run.cluster.kubectl(
      'create',
      'secret',
      'docker-registry',
      'login',
      ...login,
      `--docker-password=${registry.password}`,
    );
    try {
      const context = await run.context({
        Dockerfile: `FROM ${endToEndEnvironment.protectedBaseImage}\nRUN echo hello > /made.txt\n`,
      });
      const stack = await run.stack({ registry: { ...registry, username: undefined, password: undefined } });
      const options = ['-t', 'demo/logins:named', '--with', 'registry_credentials=login'];
      const { stdout } = await run.start(stack, 'build', context, ...options).succeeds();
      expect(await new RegistryReader(registry).file(stdout.trim(), 'made.txt')).to.equal('hello\n');
    } finally {
      await run.cluster.kubectl('delete', 'secret', 'login');
    }
  });
});

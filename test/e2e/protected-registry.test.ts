import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { RegistryReader } from '../support/registry-reader.js';

describeEndToEnd('a registry with a private authority and a password', ['protectedRegistry'], (world) => {
  it('is pulled from and pushed to, and the password is not shown', async () => {
    const registry = endToEndEnvironment.protectedRegistry;
    const { run } = world;
    const context = await run.context({
      Dockerfile: `FROM ${endToEndEnvironment.protectedBaseImage}\nRUN echo hello > /made.txt\n`,
    });
    const build = run.start(await run.stack({ registry }), 'build', context, '-t', 'demo/protected:1');
    const { stdout, stderr } = await build.succeeds();
    expect(await new RegistryReader(registry).file(stdout.trim(), 'made.txt')).to.equal('hello\n');
    const encoded = Buffer.from(`${registry.username}:${registry.password}`).toString('base64');
    for (const secret of [registry.password, encoded]) expect(`${stdout}${stderr}`).not.to.include(secret);
    // The digest was looked up there as well, with the same credentials.
    expect(stderr).not.to.include('Warning');
  });

  it('that does not accept the password is told from one that is not there', async () => {
    const registry = { ...endToEndEnvironment.protectedRegistry, password: 'not-the-password' };
    const { run } = world;
    const context = await run.context({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
    const build = run.start(await run.stack({ registry }), 'build', context, '-t', 'demo/protected:2');
    const { stdout, stderr, exitCode } = await build.end;
    expect(stderr)
      .to.match(/^Code: PUSH_REFUSED$/m)
      .and.to.include('username and password');
    expect(stderr).not.to.include(registry.password);
    expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: 1 });
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { linkPackages } from '../support/installed-slipway.js';
import { Workspace } from '../support/workspace.js';

const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'writing-a-flavor.md');

describe('The worked example of a flavor', () => {
  let workspace: Workspace;
  let example: string;

  before(async () => {
    workspace = await Workspace.create();
    example = /```js\n(.*?)```/s.exec(await readFile(page, 'utf8'))?.[1] ?? '';
    await workspace.file('package.json', '{"type": "module"}');
    await workspace.file('vault-registry.js', example);
    await linkPackages(workspace.directory, ['@slipway/core', 'inversify', 'zod']);
  });
  after(() => workspace.remove());

  it('is of less than sixty lines', () => {
    expect(example.split('\n').length).to.be.within(20, 60);
  });

  it('registers, says what is wrong with an attribute, and asks its program for the password', async () => {
    const slipway = (...args: readonly string[]) => workspace.slipway(...args);
    await workspace.setUp(['container-registry', 'flavor', 'register', './vault-registry.js']);
    const help = await slipway('container-registry', 'register', '--flavor=vault', '--help');
    expect(help.stdout).to.include('--uri=ghcr.io/acme');
    const wrong = await slipway(
      'container-registry',
      'register',
      'reg',
      '-f',
      'vault',
      '--uri=localhost:1',
      '--command=[]',
    );
    expect(wrong.stderr).to.include("The value of 'command' is not valid");
    const command = `--command=${JSON.stringify([process.execPath, '-e', 'process.exit(1)'])}`;
    await workspace.setUp(
      ['container-registry', 'register', 'reg', '-f', 'vault', '--uri=localhost:1', command],
      ['stack', 'register', 'vault', '-i', 'default', '-c', 'reg', '--set'],
    );
    await workspace.file('Dockerfile', 'FROM scratch\nCOPY Dockerfile /\n');
    const { stderr } = await slipway('build', '.', '-t', 'demo/hello:1');
    expect(stderr).to.include('The password of localhost:1 cannot be had.').and.to.include('Code: VAULT_CLOSED');
  });
});

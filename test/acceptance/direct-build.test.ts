import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Workspace } from '../support/workspace.js';

describe('A fresh installation', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await Workspace.create();
  });
  afterEach(() => workspace.remove());

  it('builds from files into an OCI layout', async () => {
    const context = await newContext('FROM scratch\nCOPY hello.txt /\n');
    const { stdout, exitCode } = await workspace.slipway('build', context, '-t', 'demo/hello:1');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/^oci:\/.*\/images:demo\/hello:1@sha256:[0-9a-f]{64}\n$/);
  });

  it('builds the same image of the same content, whatever its times', async () => {
    const context = await newContext('FROM scratch\nCOPY hello.txt /\n');
    const first = await workspace.slipway('build', context, '-t', 'demo/hello:1');
    await utimes(join(context, 'hello.txt'), 1, 1);
    expect((await workspace.slipway('build', context, '-t', 'demo/hello:1')).stdout).to.equal(first.stdout);
  });

  it('says which line needs a container, and what could build it', async () => {
    const context = await newContext('FROM scratch\nRUN make\n');
    const { stdout, stderr, exitCode } = await workspace.slipway('build', context, '-t', 'demo/hello:1');
    expect(exitCode).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.include('line 2').and.include('--flavor=kaniko').and.include('Code: RUN_NOT_SUPPORTED');
  });

  async function newContext(dockerfile: string): Promise<string> {
    const context = join(workspace.directory, 'context');
    await mkdir(context);
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    await writeFile(join(context, 'hello.txt'), 'Hello.\n');
    return context;
  }
});

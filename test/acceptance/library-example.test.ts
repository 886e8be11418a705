import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { OciLayout, resolveImage } from '@slipway/oci';
import { Workspace } from '../support/workspace.js';

const root = join(import.meta.dirname, '..', '..', '..');
const program = join(root, 'examples', 'dist', 'build-image.js');

describe('The example of a program that uses @slipway/core', () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await Workspace.create();
  });
  afterEach(() => workspace.remove());

  it('registers a stack and builds an image with it, apart from what the user has registered', async () => {
    const context = join(root, 'examples', 'hello');
    const { stdout, stderr, exitCode } = await workspace.run([program, context, 'demo/hello:1', 'out']);
    expect(stderr).not.to.contain('Error');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/^oci:.*out.images:demo\/hello:1@sha256:[0-9a-f]{64}\n$/);
    const layout = await OciLayout.open(join(workspace.directory, 'out', 'images'));
    expect((await resolveImage(layout, 'demo/hello:1'))?.image.layers).to.have.length.greaterThan(0);
    expect(await workspace.storeText()).to.equal('');
  });

  it('says what is wrong by the code, the reason and what to do', async () => {
    const { stdout, stderr, exitCode } = await workspace.run([program, 'no-such-folder', 'demo/hello:1', 'out']);
    expect(stdout).to.equal('');
    expect(stderr).to.contain('CONTEXT_NOT_FOUND');
    expect(exitCode).to.equal(2);
  });

  it('is what the documentation shows', async () => {
    const page = await readFile(join(root, 'docs', 'library.md'), 'utf8');
    expect(page).to.contain(await readFile(join(root, 'examples', 'build-image.ts'), 'utf8'));
  });
});

import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ProgramResult, Workspace } from '../support/workspace.js';

const program = join(import.meta.dirname, '..', '..', '..', 'examples', 'quickstart.js');

describe('The quickstart', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await Workspace.create();
    await mkdir(join(workspace.directory, 'tmp'));
  });
  afterEach(() => workspace.remove());

  const quickstart = (...options: readonly string[]): Promise<ProgramResult> =>
    workspace.run([program, ...options], {
      HOME: join(workspace.directory, 'home'),
      TMPDIR: join(workspace.directory, 'tmp'),
      KUBECONFIG: join(workspace.directory, 'kubeconfig'),
    });
  const left = (): Promise<string[]> => readdir(join(workspace.directory, 'tmp'));

  it('builds an image where no cluster is named, shows its layers, and says how to go on with Kaniko', async () => {
    const { stdout, exitCode } = await quickstart();
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/^oci:.*images:demo\/hello:1@sha256:[0-9a-f]{64}$/m);
    expect(stdout).to.match(/^Its layers:\n {2}sha256:[0-9a-f]{64} {2}\d+ B$/m);
    expect(stdout).to.match(/^No cluster was named\. .*Kaniko.*--context=NAME --registry=.*$/m);
    // Only what was built stays behind, in a folder that the text names.
    const [folder = '', ...others] = await left();
    expect(others).to.deep.equal([]);
    expect(stdout).to.contain(`an OCI layout in ${join(workspace.directory, 'tmp', folder, 'images')}`);
    expect(await readdir(workspace.directory)).to.deep.equal(['tmp']);
  });

  it('says what it takes, where it was called wrongly and where it is asked', async () => {
    const wrong = await quickstart('--contxt=dev');
    expect(wrong).to.include({ stdout: '', exitCode: 2 });
    expect(wrong.stderr).to.match(
      /^Unknown option '--contxt'\nWhat there is: npm run quickstart -- --context=NAME.*\n$/,
    );
    const half = await quickstart('--context=dev');
    expect(half).to.include({ stdout: '', exitCode: 2 });
    expect(half.stderr).to.contain('Both are needed');
    const { stdout, exitCode } = await quickstart('--help');
    expect(stdout).to.contain('--context=NAME');
    expect(exitCode).to.equal(0);
    expect(await left()).to.deep.equal([]);
  });

  it('ends as the step that failed, says that what it made is gone, and leaves nothing', async () => {
    const { stdout, stderr, exitCode } = await quickstart('--context=dev', '--registry=registry.example.com');
    expect(stdout).to.contain('slipway build ./examples/hello');
    expect(stderr).to.contain('Code: KUBECONFIG_NOT_FOUND');
    expect(stderr).to.match(/What the quickstart made is thrown away.*\n$/);
    expect(exitCode).to.equal(1);
    expect(await left()).to.deep.equal([]);
  });
});

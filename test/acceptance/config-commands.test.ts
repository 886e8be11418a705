import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { slipwayProgram, Workspace } from '../support/workspace.js';

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
  readonly source: string | null;
}

describe('Commands of settings', () => {
  let workspace: Workspace;
  let path: string;
  const slipway = (...args: readonly string[]) => workspace.slipway(...args);
  const withEnvironment = (environment: NodeJS.ProcessEnv, ...args: readonly string[]) =>
    workspace.run([slipwayProgram, ...args], environment);
  const listed = (text: string) =>
    new Map((JSON.parse(text) as { items: Setting[] }).items.map((setting) => [setting.name, setting]));

  beforeEach(async () => {
    workspace = await Workspace.create();
    path = join(workspace.configDirectory, 'settings.json');
  });
  afterEach(() => workspace.remove());

  it('set, get, list and unset a setting, in a file for its owner alone', async () => {
    expect(await slipway('config', 'set', 'output', 'json')).to.deep.equal({
      stdout: '',
      stderr: "The setting 'output' is 'json' now.\n",
      exitCode: 0,
    });
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    const list = await slipway('config', 'list');
    expect(list.stderr).to.equal('');
    expect(listed(list.stdout).get('output')).to.include({ value: 'json', origin: 'user', source: path });
    expect(listed(list.stdout).get('color')).to.include({ value: 'auto', origin: 'default', source: null });
    const origins = await slipway('config', 'list', '--show-origin', '-o', 'table');
    expect(origins.stdout).to.match(/^NAME +VALUE +ORIGIN +SOURCE$/m);
    expect(origins.stdout).to.match(new RegExp(`^output +json +user +${path}$`, 'm'));
    await workspace.setUp(['config', 'unset', 'output']);
    expect(await slipway('config', 'get', 'output', '--show-origin')).to.deep.equal({
      stdout: 'table\n',
      stderr: 'From: default\n',
      exitCode: 0,
    });
  });

  it('let the environment come before what is set, and an option before both', async () => {
    await workspace.setUp(['config', 'set', 'output', 'yaml']);
    const environment = { SLIPWAY_OUTPUT: 'name' };
    const [set, byVariable, byOption, wrong, ignored] = await Promise.all([
      slipway('flavor', 'list', '--type=artifact-store'),
      withEnvironment(environment, 'flavor', 'list', '--type=artifact-store'),
      withEnvironment(environment, 'flavor', 'list', '--type=artifact-store', '-o', 'table'),
      withEnvironment({ SLIPWAY_OUTPUT: 'jsn' }, 'flavor', 'list'),
      withEnvironment(environment, 'config', 'set', 'output', 'yaml'),
    ]);
    expect(set.stdout).to.match(/^version: 1\nitems:\n/);
    expect(byVariable.stdout).to.equal('local\n');
    expect(byOption.stdout).to.match(/^NAME +TYPE/);
    expect(wrong).to.include({ exitCode: 2, stdout: '' });
    expect(wrong.stderr).to.include("'SLIPWAY_OUTPUT' cannot be 'jsn'.\nDid you mean 'json'?");
    expect(ignored.stderr).to.include("Warning: It does not count here: SLIPWAY_OUTPUT says 'name'.");
  });

  it('make errors of every command JSON where the setting says so', async () => {
    const { stderr, exitCode } = await withEnvironment({ SLIPWAY_OUTPUT: 'json' }, 'stack', 'delete', 'default');
    expect(exitCode).to.equal(2);
    expect(JSON.parse(stderr)).to.have.nested.property('error.code', 'STACK_ACTIVE');
  });

  it('lose nothing where several processes set at once', async () => {
    await Promise.all([
      workspace.setUp(['config', 'set', 'output', 'json']),
      workspace.setUp(['config', 'set', 'color', 'never']),
      workspace.setUp(['config', 'set', 'progress', 'plain']),
    ]);
    const list = listed((await slipway('config', 'list')).stdout);
    expect(['output', 'color', 'progress'].map((name) => list.get(name)?.value)).to.deep.equal([
      'json',
      'never',
      'plain',
    ]);
  });

  it('go on without a file that is broken, say so, and never overwrite it', async () => {
    await workspace.setUp(['config', 'set', 'output', 'json']);
    await workspace.file('config/settings.json', '{"output": ');
    const [list, set] = await Promise.all([slipway('flavor', 'list'), slipway('config', 'set', 'color', 'never')]);
    expect(list.stdout).to.match(/^NAME/);
    expect(list.stderr).to.include(`Warning: The settings ${path} cannot be read`);
    expect(set.exitCode).to.equal(1);
    expect(set.stderr).to.match(/^Error: The settings .* cannot be written\.\n[^]*Code: SETTINGS_UNWRITABLE\n$/m);
  });

  it('suggest what was meant', async () => {
    const [name, value] = await Promise.all([
      slipway('config', 'get', 'colour'),
      slipway('config', 'set', 'output', 'jsn'),
    ]);
    expect(name.stderr)
      .to.include("There is no setting 'colour'.\nDid you mean 'color'?")
      .and.to.include('UNKNOWN_SETTING');
    expect(value.stderr).to.include("Did you mean 'json'?").and.to.include('INVALID_SETTING');
    expect([name.exitCode, value.exitCode]).to.deep.equal([2, 2]);
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { pluginTypes } from '../src/write-plugin.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..', '..');
const program = join(root, 'packages', 'create-slipway-plugin', 'bin', 'create-slipway-plugin.js');

describe('npm create slipway-plugin', function () {
  this.timeout(120_000);
  let folder: string;
  const create = (...args: readonly string[]) =>
    run(process.execPath, [program, ...args], { cwd: folder }).then(
      ({ stdout }) => ({ stdout, stderr: '', code: 0 }),
      (error: { stdout: string; stderr: string; code: number }) => error,
    );

  // The slipway that the plugin is added to is the one that ships.
  before(() => run(process.execPath, [join(root, 'scripts', 'bundle.js')]));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'create-slipway-plugin-'));
    // What the plugin would install is what this repository has.
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const type of pluginTypes) {
    it(`writes a plugin for the type ${type} that builds, passes the suite of its type, and works with slipway`, async () => {
      expect((await create('my-own', '--type', type)).stdout).to.include('npx slipway plugin add ./');
      const plugin = join(folder, 'my-own');
      const npm = run('npm', ['test'], { cwd: plugin, env: { ...process.env, NODE_TEST_CONTEXT: undefined } });
      const { stdout } = await npm.catch((error: { stdout: string; stderr: string }) => {
        throw new Error(`${error.stdout}\n${error.stderr}`);
      });
      expect(stdout).to.match(/fail 0/);
      const environment = { ...process.env, SLIPWAY_CONFIG_DIR: join(folder, 'configuration') };
      const slipway = (...args: readonly string[]) =>
        run(process.execPath, [join(root, 'packages/cli/bin/slipway.js'), ...args], { cwd: plugin, env: environment });
      await slipway('plugin', 'add', './');
      expect((await slipway(type, 'flavor', 'list')).stdout).to.include('my-own');
      expect(await readdir(plugin)).to.include.members(['README.md', 'package.json', 'src', 'test', '.gitignore']);
    });
  }

  it('writes nothing into a folder that has something in it', async () => {
    await writeFile(join(folder, 'here'), '');
    const { stderr, code } = await create('.', '--flavor', 'mine');
    expect(stderr).to.include('is not empty; nothing was written');
    expect(code).to.equal(1);
  });

  it('says what is wrong with the call', async () => {
    for (const [args, text] of [
      [[], 'Name one folder'],
      [['a', '--type', 'orchestrator'], "no component type 'orchestrator'"],
      [['A b'], 'is no name for a flavor'],
      [['a', '--typ', 'image-builder'], "Unknown option '--typ'"],
    ] as const) {
      const { stderr, code } = await create(...args);
      expect(stderr).to.include(text).and.to.include('Usage: ');
      expect(code).to.equal(2);
    }
  });
});

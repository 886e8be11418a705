import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { slipwayProgram, Workspace } from '../support/workspace.js';

describe('On a terminal', () => {
  let workspace: Workspace;

  before(async function () {
    workspace = await Workspace.create();
    if (process.platform !== 'linux' || spawnSync('script', ['--version']).error !== undefined) this.skip();
  });
  after(() => workspace.remove());

  /** Runs `slipway` on a terminal and writes the answer once the question is there. */
  async function answering(question: string, answer: string, ...args: readonly string[]) {
    const line = [process.execPath, slipwayProgram, ...args].map((word) => `'${word}'`).join(' ');
    const child = spawn('script', ['-qec', line, '/dev/null'], {
      env: { ...process.env, SLIPWAY_CONFIG_DIR: workspace.configDirectory },
    });
    let shown = '';
    let asked = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (asked || !shown.includes(question)) return;
      asked = true;
      // What is written before the terminal stopped to echo would be seen.
      setTimeout(() => child.stdin.write(answer), 300);
    });
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    return { shown, exitCode };
  }

  it('a secret is asked for and not shown, and its deletion has to be confirmed', async () => {
    const created = await answering('Value of pw:', 'hunter2\r', 'secret', 'create', 'login', '--pw');
    expect(created.exitCode, created.shown).to.equal(0);
    expect(created.shown).not.to.include('hunter2');
    expect(await readFile(join(workspace.configDirectory, 'secrets.json'), 'utf8')).to.include('"pw": "hunter2"');
    const kept = await answering('[y/N]', 'n\r', 'secret', 'delete', 'login');
    expect(kept.shown).to.include('Nothing was deleted.');
    const left = await answering('[y/N]', '\u0003', 'secret', 'delete', 'login');
    expect([kept.exitCode, left.exitCode]).to.deep.equal([1, 130]);
    const deleted = await answering('[y/N]', 'y\r', 'secret', 'delete', 'login');
    expect(deleted.shown).to.include("Deleted the secret 'login'.");
  }).timeout(60_000);
});

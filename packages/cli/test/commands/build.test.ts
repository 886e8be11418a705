import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../support/build-with-sample-builder.js', import.meta.url));
const digest = `sha256:${'0'.repeat(64)}`;

describe('slipway build', () => {
  let directory: string;

  function start(args: readonly string[], onText?: (text: string, kill: (signal: NodeJS.Signals) => void) => void) {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: directory,
      env: { ...process.env, SLIPWAY_CONFIG_DIR: join(directory, 'config'), SLIPWAY_DEBUG: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onText?.(stderr, (signal) => child.kill(signal));
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { child, ended: closed.then((exitCode) => ({ stdout, stderr, exitCode })) };
  }

  /** @param onText is given everything that standard error has so far, and what sends the process a signal */
  const run = (...call: Parameters<typeof start>) => start(...call).ended;

  before(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'slipway-build-')));
    await run(['image-builder', 'register', 'builder', '-f', 'sample']);
    await run(['stack', 'register', 'built', '-i', 'builder']);
    await run(['stack', 'set', 'built']);
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it('prints one reference for each tag, and nothing else, on standard output', async () => {
    expect(await run(['build', '-t', 'a:1', '--tag=b:2'])).to.deep.equal({
      stdout: `registry/a:1@${digest}\nregistry/b:2@${digest}\n`,
      stderr: `  ${directory} undefined\n`,
      exitCode: 0,
    });
  });

  it('takes a folder, a Dockerfile and a stack', async () => {
    const { stderr } = await run(['build', '--stack', 'built', 'app', '-f', 'docker/Dockerfile', '-t', 'a:1']);
    expect(stderr).to.equal(`  ${join(directory, 'app')} docker/Dockerfile\n`);
    expect((await run(['build', '--stack=default', '-t', 'a:1'])).stderr).to.include('Code: NO_IMAGE_BUILDER');
  });

  it('prints with --dry-run what would be done, and does nothing', async () => {
    const { stdout, stderr, exitCode } = await run(['build', '-t', 'fail', '--dry-run', '-o', 'json']);
    expect({ stderr, exitCode }).to.deep.equal({ stderr: '', exitCode: 0 });
    expect(JSON.parse(stdout)).to.deep.equal({ buildId: 'b', tags: ['fail'], resources: [{ kind: 'Job' }] });
  });

  it('prints with --dry-run YAML that kubectl takes, and what is no resource in comments', async () => {
    const { stdout } = await run(['build', '-t', 'fail', '--dry-run']);
    expect(stdout).to.equal('# Build b\n# Image fail\n---\nkind: Job\n');
  });

  it('ends with the code of the failure', async () => {
    const { stdout, stderr, exitCode } = await run(['build', '-t', 'fail']);
    expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: 1 });
    expect(stderr).to.match(/Error: The build failed\.\nCode: BUILD_FAILED\n$/);
  });

  for (const tag of ['break', 'crash']) {
    it(`calls a bug a bug, without a stack: ${tag}`, async () => {
      const { stderr, exitCode } = await run(['build', '-t', tag]);
      expect(exitCode).to.equal(1);
      expect(stderr).to.include('bug');
      expect(stderr).to.match(/Code: INTERNAL_ERROR\n$/);
      expect(stderr).not.to.match(/\n\s+at /);
    });
  }

  it('ends in order where nobody reads what it says', async () => {
    const { child, ended } = start(['build', '-t', 'a:1']);
    child.stderr.destroy();
    expect(await ended).to.include({ stdout: `registry/a:1@${digest}\n`, exitCode: 0 });
  });

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`is cancelled by ${signal}, cleans up and exits with ${expected}`, async () => {
      let sent = false;
      const { stdout, stderr, exitCode } = await run(['build', '-t', 'wait'], (text, kill) => {
        if (text.includes('waiting') && !sent) kill(signal);
        sent ||= text.includes('waiting');
      });
      expect(stderr).to.include('Cancelling, cleaning up… (again to leave at once)\nError: The build was cancelled.');
      expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: expected });
    });
  }

  it('leaves at once when it is told again', async () => {
    let pressing: NodeJS.Timeout | undefined;
    const { stderr, exitCode } = await run(['build', '-t', 'ignore'], (text, kill) => {
      if (text.includes('waiting')) pressing ??= setInterval(() => kill('SIGINT'), 50);
    });
    clearInterval(pressing);
    expect(stderr.match(/Cancelling/g)).to.have.length(1);
    expect(exitCode).to.equal(130);
  });

  it('takes the signal that arrives twice for one press of Ctrl-C', async () => {
    let sent = false;
    const { stderr, exitCode } = await run(['build', '-t', 'wait'], (text, kill) => {
      if (!text.includes('waiting') || sent) return;
      sent = true;
      kill('SIGINT');
      kill('SIGINT');
    });
    expect(stderr).to.include('The build was cancelled.');
    expect(exitCode).to.equal(130);
  });
});

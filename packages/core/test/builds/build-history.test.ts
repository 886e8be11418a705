import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { BuildHistory } from '../../src/builds/build-history.js';
import { BuildRecorder } from '../../src/builds/build-recorder.js';
import type { BuildDetails } from '../../src/contracts/remote-builds.js';
import { SlipwayError } from '../../src/errors/slipway-error.js';

describe('The history of builds', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-history-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  function build(buildId: string): BuildDetails {
    const lists = { tags: ['r/a:1'], images: [], timings: [], resources: [] };
    return { buildId, state: 'succeeded', imageBuilder: 'kb', user: 'me', detached: false, createdAt: '', ...lists };
  }

  it('keeps builds whoever writes, for their owner alone, and no more than its limit', async () => {
    const one = new BuildHistory(folder, 5);
    const other = new BuildHistory(folder, 5);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).keep(build(`b-${index}`))),
    );
    await one.keep(build('last'));
    const kept = await one.list();
    expect(kept).to.have.length(5);
    expect(kept[0]?.buildId).to.equal('last');
    expect(await readdir(join(folder, 'builds'))).to.have.length(5);
    expect((await stat(join(folder, 'builds/last.json'))).mode & 0o077).to.equal(0);
  });

  it('replaces a build of the same id, passes over what is broken, and forgets all', async () => {
    const history = new BuildHistory(folder);
    await history.keep(build('b'));
    await history.keep({ ...build('b'), state: 'failed' });
    await writeFile(join(folder, 'builds/broken.json'), '{"buildId":');
    expect((await history.list()).map(({ state }) => state)).to.deep.equal(['failed']);
    expect(await history.find('b')).to.include({ state: 'failed' });
    expect(await history.find('../store')).to.equal(undefined);
    await history.clear();
    expect(await history.list()).to.deep.equal([]);
  });

  it('is not there before something was built', async () => {
    expect(await new BuildHistory(folder).list()).to.deep.equal([]);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('has what failed, with its error and stages, and nothing of a call that was wrong', async () => {
    const history = new BuildHistory(folder);
    const failed = new SlipwayError({ code: 'RUN_FAILED', message: 'A RUN failed.' });
    const run = (created: boolean): Promise<unknown> =>
      new BuildRecorder(history, 'kb', {})
        .run(({ onEvent }) => {
          if (created)
            onEvent?.({ type: 'build-created', buildId: 'b', tags: ['r/a:1'], resources: [{ kind: 'Job' }] });
          const ended = { type: 'stage-ended', stage: 'build', outcome: 'failed', milliseconds: 7 } as const;
          onEvent?.({ ...ended, platform: 'linux/amd64' });
          onEvent?.(ended);
          return Promise.reject(failed);
        })
        .catch((error: unknown) => expect(error).to.equal(failed));
    await run(false);
    expect(await history.list()).to.deep.equal([]);
    await run(true);
    const [kept] = await history.list();
    expect(kept).to.deep.include({
      buildId: 'b',
      state: 'failed',
      failure: { code: 'RUN_FAILED', message: 'A RUN failed.' },
    });
    expect(kept).to.deep.include({ timings: [{ stage: 'build', milliseconds: 7 }], resources: [{ kind: 'Job' }] });
  });

  it('that cannot be written is warned of, and the build is what it is', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    const warnings: string[] = [];
    const recorder = new BuildRecorder(new BuildHistory(path), 'kb', {
      onEvent: (event) => event.type === 'warning' && warnings.push(event.message),
    });
    const result = { buildId: 'b', digest: 'sha256:1', images: [], timings: [] };
    expect(await recorder.run(() => Promise.resolve(result))).to.equal(result);
    expect(warnings).to.have.length(1);
  });
});

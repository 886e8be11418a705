import { execFileSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

describe('A build whose context goes through the artifact store', () => {
  const used = useBench();
  const folder = (): string => join(used.bench.folder, 'bucket');
  const stored = async (): Promise<string[]> =>
    (await readdir(folder(), { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);

  beforeEach(() => used.bench.configure({ store_context_in_artifact_store: true }, {}, { folder: folder() }));

  it('gives the executor its address, and no standard input', async () => {
    const { bench } = used;
    const gate = new Gate();
    bench.script({ afterInput: [{ gate }] });
    const building = bench.build({ buildId: 'stored' });
    await gate.reached;
    const [container] = bench.api.objects.pods[0]?.spec.containers ?? [];
    expect(container?.args?.[0]).to.equal('--context=test://bucket/kaniko-build-contexts/stored.tar.gz');
    expect(container).to.include({ stdin: false, stdinOnce: false });
    const archive = join(folder(), 'kaniko-build-contexts/stored.tar.gz');
    const names = execFileSync('tar', ['-tzf', '-'], { input: await readFile(archive) }).toString();
    expect(names.trim().split('\n')).to.deep.equal(['Dockerfile', 'hello.txt']);
    gate.open();
    const { timings } = await building;
    expect(timings.map(({ stage }) => stage)).to.deep.equal(['prepare', 'upload', 'start', 'build', 'finish']);
    expect(bench.api.requests.some(({ path }) => path.endsWith('/attach'))).to.be.false;
    expect(await stored()).to.deep.equal([]);
  });

  it('deletes it where the build fails', async () => {
    const { bench } = used;
    bench.script({ exit: { exitCode: 1 } });
    await bench.failure('EXECUTOR_FAILED');
    expect(await stored()).to.deep.equal([]);
  });

  it('deletes it where the Job cannot be made', async () => {
    const { bench } = used;
    bench.api.faults.answer({ method: 'POST', path: /\/jobs\?/, code: 422, message: 'Job "x" is invalid' });
    await bench.failure('MANIFEST_INVALID');
    expect(await stored()).to.deep.equal([]);
  });

  it('deletes it where the build is cancelled', async () => {
    const { bench } = used;
    const gate = new Gate();
    bench.script({ afterInput: [{ gate }, 'stay'] });
    const controller = new AbortController();
    const failing = bench.failure('BUILD_CANCELLED', {}, { signal: controller.signal });
    await gate.reached;
    controller.abort();
    await failing;
    expect(await stored()).to.deep.equal([]);
  });

  it('says so where the store does not take it, and makes no Job', async () => {
    const { bench } = used;
    await writeFile(folder(), 'a file in the way');
    const error = await bench.failure('CONTEXT_NOT_STORED');
    expect(error.message).to.include("'bucket'");
    expect(error.fix).to.include('--store_context_in_artifact_store=false');
    expect(bench.creations).to.deep.equal([]);
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { writeRandomFiles } from '../support/random-files.js';
import { RegistryReader } from '../support/registry-reader.js';

const megabyte = 1024 * 1024;
const allowedMemory = 200 * megabyte;

function expectLevelMemory(bytes: number): void {
  expect(bytes).to.be.greaterThan(0).and.lessThan(allowedMemory);
}

describeEndToEnd('a context', [], (world) => {
  it('of 300 MB arrives whole, within 200 MB of memory', async () => {
    const { run } = world;
    const context = await run.context({
      Dockerfile: `FROM ${endToEndEnvironment.baseImage}\nCOPY . /content\nRUN cd /content && sha256sum -c SHA256SUMS\n`,
    });
    await writeRandomFiles(context, 3, 100 * megabyte);
    const build = run.start(await run.stack(), 'build', context, '-t', 'contexts/large:1');
    await build.succeeds();
    expectLevelMemory(build.peakMemory);
  });

  it('of 20,000 files arrives whole, within 200 MB of memory', async () => {
    const { run } = world;
    const context = await run.context({
      Dockerfile: `FROM ${endToEndEnvironment.baseImage}\nCOPY . /content\nRUN find /content/files -type f | wc -l > /count\n`,
    });
    for (let folder = 0; folder < 200; folder++) {
      const path = join(context, 'files', String(folder));
      await mkdir(path, { recursive: true });
      for (let file = 0; file < 100; file++) await writeFile(join(path, `${file}.txt`), `${folder} ${file}\n`);
    }
    const build = run.start(await run.stack(), 'build', context, '-t', 'contexts/many:1');
    const { stdout } = await build.succeeds();
    const count = await new RegistryReader(endToEndEnvironment.registry).file(stdout.trim(), 'count');
    expect(Number(count)).to.equal(20_000);
    expectLevelMemory(build.peakMemory);
  });
});

describeEndToEnd('a huge context', ['largeContext'], (world) => {
  it('of 2 GB arrives to its end, within 200 MB of memory', async function () {
    this.timeout(900_000);
    const { run } = world;
    // The entries of a context are sorted: whoever has the last has read all before it.
    const context = await run.context({ Dockerfile: 'FROM scratch\nCOPY zz-last.txt /\n', 'zz-last.txt': 'the end\n' });
    await writeRandomFiles(context, 4, 512 * megabyte);
    const build = run.start(await run.stack(), 'build', context, '-t', 'contexts/huge:1');
    const { stdout } = await build.succeeds();
    const last = await new RegistryReader(endToEndEnvironment.registry).file(stdout.trim(), 'zz-last.txt');
    expect(last).to.equal('the end\n');
    expectLevelMemory(build.peakMemory);
  });
});

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { pushBaseImage } from '../support/base-image.js';
import { useBench } from '../support/bench.js';

describe('A cancelled build', () => {
  const used = useBench();

  it('that was cancelled before it began does nothing', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await bench.configure(registry);
    await bench.dockerfile('FROM scratch');
    const { exitCode } = await bench.failure('BUILD_CANCELLED', {}, AbortSignal.abort());
    expect(exitCode).to.equal(130);
    expect(registry.server.asked).to.deep.equal([]);
  });

  it('does not wait for a credential helper that does not answer', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await bench.configure(registry);
    await bench.dockerfile('FROM scratch');
    const controller = new AbortController();
    const asked = join(bench.folder, 'asked');
    await bench.credentialHelper(`touch '${asked}'; sleep 600`);
    const build = bench.failure('BUILD_CANCELLED', {}, controller.signal);
    while (!existsSync(asked)) await setTimeout(10);
    controller.abort();
    await build;
  });

  it('leaves no manifest and no tag behind when it is cancelled while a layer is sent', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await bench.configure(registry);
    await bench.files({ 'large.bin': randomBytes(2_000_000).toString('base64') });
    await bench.dockerfile('FROM scratch', 'COPY large.bin /');
    const controller = new AbortController();
    registry.fault = ({ method }) => {
      if (method !== 'PATCH') return undefined;
      controller.abort();
      return 'silence';
    };
    const { exitCode } = await bench.failure('BUILD_CANCELLED', {}, controller.signal);
    expect(exitCode).to.equal(130);
    expect([...registry.manifests.keys()]).to.deep.equal([]);
    expect(bench.eventsOf('stage-ended').at(-1)).to.include({
      stage: 'push',
      outcome: 'failed',
      interruption: 'cancelled',
    });
  });

  it('leaves no image and no part of a file in the layout', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await pushBaseImage(registry.host, 'base', ['1'], { layers: [{ a: 'a' }] });
    await bench.dockerfile(`FROM ${registry.host}/base:1`);
    const controller = new AbortController();
    let configWasRead = false;
    registry.fault = ({ method, url }) => {
      if (method !== 'GET' || !url.pathname.includes('/blobs/')) return undefined;
      if (configWasRead) {
        controller.abort();
        return 'silence';
      }
      configWasRead = true;
      return undefined;
    };
    await bench.failure('BUILD_CANCELLED', {}, controller.signal);
    expect(await readdir(join(bench.layoutFolder, 'blobs', 'sha256'))).to.not.include.members(
      [...registry.blobs.keys()].map((key) => key.split(':')[1]),
    );
    const files = await readdir(bench.layoutFolder, { recursive: true });
    expect(files.filter((name) => name.endsWith('.part'))).to.deep.equal([]);
    await bench.image().then(
      () => expect.fail('There is an image.'),
      () => undefined,
    );
  });
});

import { randomBytes } from 'node:crypto';
import { firstTime } from '@slipway/testing';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { pushBaseImage } from '../support/base-image.js';
import { useBench } from '../support/bench.js';

describe('An image built into the registry of the stack', () => {
  const used = useBench();

  it('is there under all its tags, in all their repositories, by one digest', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await bench.configure(registry);
    await bench.files({ 'hello.txt': 'hello' });
    await bench.dockerfile('FROM scratch', 'COPY hello.txt /');
    const { digest, images } = await bench.build({ tags: ['demo/hello:1', 'demo/hello:2', 'other/name:1'] });
    expect(images.map(({ reference }) => reference)).to.deep.equal([
      `${registry.host}/demo/hello:1@${digest}`,
      `${registry.host}/demo/hello:2@${digest}`,
      `${registry.host}/other/name:1@${digest}`,
    ]);
    expect((await bench.pushedImage(registry, 'other/name', digest)).layers).to.deep.equal([
      ['0644 0:0 /hello.txt = hello'],
    ]);
    expect([...registry.manifests.keys()].filter((key) => !key.includes('@'))).to.deep.equal([
      'demo/hello:1',
      'demo/hello:2',
      'other/name:1',
    ]);
    // The layer and the configuration, once; the other repository mounts them.
    expect(registry.uploadsBegun).to.equal(2);
    expect(registry.mounts).to.have.length(2);
  });

  it('mounts the layers of a base image of the same registry, and reads none of them', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const base = await pushBaseImage(registry.host, 'library/base', ['1'], { layers: [{ a: 'a' }, { b: 'b' }] });
    await bench.configure(registry);
    await bench.files({ 'hello.txt': 'hello' });
    await bench.dockerfile(`FROM ${registry.host}/library/base:1`, 'COPY hello.txt /app/');
    registry.server.received.length = 0;
    const { digest } = await bench.build();
    expect(registry.downloads.filter((blob) => base.layers.includes(blob))).to.deep.equal([]);
    expect(registry.mounts).to.have.length(2);
    expect(registry.uploadsBegun).to.equal(2);
    expect((await bench.pushedImage(registry, 'demo/hello', digest)).layers).to.have.length(3);
  });

  it('takes the layers of a base image of another registry across', async () => {
    const { bench } = used;
    const [registry, other] = [await bench.registry(), await bench.registry()];
    const base = await pushBaseImage(other.host, 'library/base', ['1'], { layers: [{ a: 'a' }, { b: 'b' }] });
    await bench.configure(registry);
    await bench.dockerfile(`FROM ${other.host}/library/base:1`);
    await bench.build();
    expect(base.layers.every((layer) => registry.blobs.has(`demo/hello@${layer}`))).to.equal(true);
    expect(registry.mounts).to.deep.equal([]);
  });

  it('is sent in several blobs at once, and in no more than four', async () => {
    const { bench } = used;
    const [registry, other] = [await bench.registry(), await bench.registry()];
    // Larger than the configuration, so that they come before it.
    const layers = Array.from({ length: 6 }, () => ({ file: randomBytes(3000).toString('base64') }));
    const base = await pushBaseImage(other.host, 'library/base', ['1'], { layers });
    await bench.configure(registry);
    await bench.dockerfile(`FROM ${other.host}/library/base:1`);
    const isLayer = (url: string): boolean => base.layers.some((layer) => decodeURIComponent(url).endsWith(layer));
    let reading = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    other.fault = async ({ method, url }) => {
      if (method !== 'GET' || !isLayer(url.pathname)) return undefined;
      most = Math.max(most, (reading += 1));
      // The first ones are kept until all four are there.
      if (most < 4) await new Promise<void>((resolve) => waiting.push(resolve));
      for (const release of waiting.splice(0)) release();
      return undefined;
    };
    registry.fault = ({ method, url }) => {
      if (method === 'PUT' && isLayer(url.href)) reading -= 1;
      return undefined;
    };
    await bench.build();
    expect(most).to.equal(4);
  });

  it('is not there at all where one of its blobs cannot be had', async () => {
    const { bench } = used;
    const [registry, other] = [await bench.registry(), await bench.registry()];
    const base = await pushBaseImage(other.host, 'library/base', ['1'], { layers: [{ a: 'a' }, { b: 'b' }] });
    other.blobs.delete(`library/base@${base.layers[0]}`);
    await bench.configure(registry);
    await bench.dockerfile(`FROM ${other.host}/library/base:1`);
    await bench.failure('REGISTRY_FAILED');
    expect([...registry.manifests.keys()]).to.deep.equal([]);
  });

  it('arrives whole after a transfer that broke off, and each byte is counted once', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await bench.configure(registry);
    await bench.files({ 'large.bin': randomBytes(2_000_000).toString('base64') });
    await bench.dockerfile('FROM scratch', 'COPY large.bin /');
    registry.fault = firstTime(
      ({ method }) => method === 'PATCH',
      () => 'reset',
    );
    const { digest } = await bench.build();
    expect(registry.server.asked.filter((line) => line.startsWith('PATCH'))).to.have.length(2);
    expect((await bench.pushedImage(registry, 'demo/hello', digest)).layers).to.have.length(1);
    const last = bench.eventsOf('progress').at(-1);
    expect(last?.bytes).to.equal(last?.totalBytes);
  });

  it('built a second time sends nothing, and reads no base layer of another registry', async () => {
    const { bench } = used;
    const [registry, other] = [await bench.registry(), await bench.registry()];
    const base = await pushBaseImage(other.host, 'library/base', ['1'], { layers: [{ a: 'a' }] });
    await bench.configure(registry);
    await bench.files({ 'hello.txt': 'hello' });
    await bench.dockerfile(`FROM ${other.host}/library/base:1`, 'COPY hello.txt /app/');
    const first = await bench.build();
    registry.server.received.length = other.server.received.length = bench.events.length = 0;
    const second = await bench.build();
    expect(second.digest).to.equal(first.digest);
    expect(registry.uploadsBegun).to.equal(0);
    expect(other.downloads.filter((blob) => base.layers.includes(blob))).to.deep.equal([]);
    expect(bench.eventsOf('progress').at(-1)).to.include({ stage: 'push', bytes: 0, totalBytes: 0 });
  });

  it('with one file changed sends that layer alone, and never reads its base', async () => {
    const { bench } = used;
    const [registry, other] = [await bench.registry(), await bench.registry()];
    const layers: Record<string, string>[] = [{ a: 'a' }, { b: 'b' }];
    const near = await pushBaseImage(registry.host, 'library/near', ['1'], { layers });
    await bench.configure(registry);
    await bench.files({ 'hello.txt': 'hello', 'same.txt': 'same' });
    await bench.dockerfile(`FROM ${registry.host}/library/near:1`, 'COPY same.txt /same/', 'COPY hello.txt /app/');
    registry.server.received.length = 0;
    await bench.build();
    await bench.files({ 'hello.txt': 'other' });
    await bench.build();
    expect(registry.downloads.filter((blob) => near.layers.includes(blob))).to.deep.equal([]);
    // Two layers and a configuration, then one of each.
    expect(registry.uploadsBegun).to.equal(5);

    const far = await pushBaseImage(other.host, 'library/far', ['1'], { layers: [{ c: 'c' }] });
    await bench.dockerfile(`FROM ${other.host}/library/far:1`, 'COPY hello.txt /app/');
    await bench.build();
    other.server.received.length = 0;
    await bench.files({ 'hello.txt': 'again' });
    await bench.build();
    expect(other.downloads.filter((blob) => far.layers.includes(blob))).to.deep.equal([]);
  });

  it('by a machine that never built it sends nothing that the registry has', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await bench.configure(registry);
    await bench.files({ 'hello.txt': 'hello' });
    await bench.dockerfile('FROM scratch', 'COPY hello.txt /app/');
    const { digest } = await bench.build();
    await rm(join(bench.folder, 'slipway', 'cache'), { recursive: true });
    registry.server.received.length = 0;
    expect((await bench.build()).digest).to.equal(digest);
    expect(registry.uploadsBegun).to.equal(0);
  });

  it('for several platforms is an index of their images', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await bench.configure(registry);
    await bench.dockerfile('FROM scratch', 'ARG TARGETARCH', 'ENV ARCH=$TARGETARCH');
    const { digest } = await bench.build({ platforms: ['linux/amd64', 'linux/arm/v7'] });
    const { mediaType, bytes } = registry.manifests.get('demo/hello:1') ?? {};
    expect(registry.manifests.has(`demo/hello@${digest}`)).to.equal(true);
    expect(mediaType).to.equal('application/vnd.oci.image.index.v1+json');
    const { manifests } = JSON.parse(bytes?.toString() ?? '') as { manifests: { digest: string; platform: object }[] };
    expect(manifests.map(({ platform }) => platform)).to.deep.equal([
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm', variant: 'v7' },
    ]);
    for (const manifest of manifests) {
      expect(registry.manifests.has(`demo/hello@${manifest.digest}`)).to.equal(true);
    }
  });

  it('is told in stages, with the bytes that were sent', async () => {
    const { bench } = used;
    await bench.configure(await bench.registry());
    await bench.files({ 'large.bin': randomBytes(300_000).toString('base64') });
    await bench.dockerfile('FROM scratch', 'COPY large.bin /');
    const { timings } = await bench.build();
    expect(timings.map(({ stage }) => stage)).to.deep.equal(['prepare', 'layers', 'push']);
    expect(bench.eventsOf('stage-ended').every(({ outcome }) => outcome === 'done')).to.equal(true);
    const last = bench.eventsOf('progress').at(-1);
    expect(last?.bytes).to.equal(last?.totalBytes);
    expect(last?.bytes).to.be.greaterThan(300_000);
  });

  it('is planned without sending anything: each layer with its instruction and its files', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await bench.configure(registry);
    await bench.files({ 'app/a.txt': '12345' });
    await bench.dockerfile('FROM scratch', 'ENV A=1', 'COPY app /app/', 'LABEL b=2');
    const { tags, resources } = await bench.plan({ labels: { c: '3' } });
    expect(tags).to.deep.equal([`${registry.host}/demo/hello:1`]);
    expect(resources).to.have.length(1);
    expect(resources[0]).to.deep.include({ platform: 'linux/amd64', base: 'scratch' });
    const { layers, config } = resources[0] as { layers: object[]; config: { Labels: object } };
    expect(layers).to.have.length(1);
    expect(layers[0]).to.deep.include({
      line: 3,
      instruction: 'COPY app /app/ # buildkit',
      bytes: 5,
      files: [
        { path: '/app', kind: 'directory', mode: '0755', owner: '0:0' },
        { path: '/app/a.txt', kind: 'file', mode: '0644', owner: '0:0', size: 5 },
      ],
    });
    expect(config.Labels).to.deep.equal({ b: '2', c: '3' });
    expect(registry.server.asked).to.deep.equal([]);
  });
});

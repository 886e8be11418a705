import { machinePlatform, OciLayout, parseImageIndex } from '@slipway/oci';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

describe('The configuration of an image', () => {
  const used = useBench();

  it('is what the instructions make of it, told in the history', async () => {
    const { bench } = used;
    await bench.files({ 'app.sh': '#!/bin/sh' });
    await bench.dockerfile(
      'FROM scratch',
      'ENV MODE=fast',
      'WORKDIR /app',
      'COPY app.sh .',
      'USER 1000',
      'EXPOSE 8080',
      'ENTRYPOINT ["/app/app.sh"]',
      'CMD ["--mode"]',
    );
    const { config, manifest } = await bench.built();
    expect(config.config).to.deep.equal({
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'MODE=fast'],
      WorkingDir: '/app',
      User: '1000',
      ExposedPorts: { '8080/tcp': {} },
      Entrypoint: ['/app/app.sh'],
      Cmd: ['--mode'],
    });
    expect(config).to.include({ architecture: 'amd64', os: 'linux', created: '1970-01-01T00:00:00Z' });
    const { history = [], rootfs } = config;
    expect(history.map(({ created_by: by, empty_layer: empty = false }) => `${by} ${empty}`)).to.deep.equal([
      'ENV MODE=fast true',
      'WORKDIR /app false',
      'COPY app.sh . # buildkit false',
      'USER 1000 true',
      'EXPOSE [8080/tcp] true',
      'ENTRYPOINT ["/app/app.sh"] true',
      'CMD ["--mode"] true',
    ]);
    expect(rootfs.diff_ids).to.have.length(2);
    expect(manifest.mediaType).to.equal('application/vnd.oci.image.manifest.v1+json');
  });

  it('has the labels of the request above those of the Dockerfile', async () => {
    const { bench } = used;
    await bench.dockerfile('FROM scratch', 'LABEL kept=1 replaced=1');
    const { config } = await bench.built({ labels: { replaced: '2', added: '3' } });
    expect(config.config?.Labels).to.deep.equal({ kept: '1', replaced: '2', added: '3' });
  });

  it('sees the build arguments, and one that nothing takes is told', async () => {
    const { bench } = used;
    await bench.dockerfile('FROM scratch', 'ARG VERSION=1', 'ENV VERSION=$VERSION');
    const { config } = await bench.built({ buildArgs: { VERSION: '2', VERSOIN: '3' } });
    expect(config.config?.Env).to.include('VERSION=2');
    expect(bench.warnings.join()).to.contain('VERSOIN');
  });

  it('says that it was made at SOURCE_DATE_EPOCH', async () => {
    const { bench } = used;
    await bench.dockerfile('FROM scratch', 'ENV A=1');
    const { config } = await bench.built({ buildArgs: { SOURCE_DATE_EPOCH: '1700000000' } });
    expect(config.created).to.equal('2023-11-14T22:13:20Z');
    expect(config.history?.[0]?.created).to.equal('2023-11-14T22:13:20Z');
    await bench.failure('INVALID_SOURCE_DATE_EPOCH', { buildArgs: { SOURCE_DATE_EPOCH: 'now' } });
  });

  it('is for each of several platforms, under one index', async () => {
    const { bench } = used;
    await bench.files({ 'tool-amd64': 'for amd64', 'tool-arm64': 'for arm64' });
    await bench.dockerfile('FROM scratch', 'ARG TARGETARCH', 'COPY tool-$TARGETARCH /tool');
    await bench.build({ platforms: ['linux/amd64', 'linux/aarch64', 'linux/arm64'] });
    const index = await (await OciLayout.open(bench.layoutFolder)).manifest('demo/hello:1');
    expect(parseImageIndex(index?.bytes ?? Buffer.of())?.manifests).to.have.length(2);
    for (const architecture of ['amd64', 'arm64']) {
      const image = await bench.image('demo/hello:1', { os: 'linux', architecture });
      expect(image.config.architecture).to.equal(architecture);
      expect(image.layers).to.deep.equal([[`0644 0:0 /tool = for ${architecture}`]]);
    }
  });

  it('is for no platform but Linux', async () => {
    await used.bench.dockerfile('FROM scratch');
    const { message, fix } = await used.bench.failure('INVALID_PLATFORM', { platforms: ['windows/amd64'] });
    expect(message).to.contain('does not build for windows/amd64');
    expect(fix).to.contain('--platform=linux/amd64');
  });

  it('is for no platform that there is not', async () => {
    await used.bench.dockerfile('FROM scratch');
    const { fix } = await used.bench.failure('INVALID_PLATFORM', { platforms: ['linux/amd64', 'linux/arm46'] });
    expect(fix).to.equal('Did you mean linux/arm64?');
    await used.bench.failure('INVALID_PLATFORM', { platforms: ['linux/foo'] });
  });

  it('is for the platform that is meant, and tells the Dockerfile of it by its name', async () => {
    const { bench } = used;
    await bench.dockerfile(
      'FROM scratch',
      'ARG TARGETPLATFORM TARGETVARIANT',
      'ENV FOR=$TARGETPLATFORM-$TARGETVARIANT',
    );
    const meant = { 'linux/x86_64': 'amd64-', 'arm64/v8': 'arm64-', 'linux/arm': 'arm/v7-v7', 'linux/ppc64': 'ppc64-' };
    for (const [written, expected] of Object.entries(meant)) {
      const { config } = await bench.built({ platforms: [written] });
      expect(config.config?.Env, written).to.include(`FOR=linux/${expected}`);
    }
  });

  describe('FROM --platform', () => {
    it('is the platform of a build argument, of the build or of this machine', async () => {
      const { bench } = used;
      await bench.dockerfile(
        'ARG WANTED=linux/s390x',
        'FROM --platform=$WANTED scratch AS given',
        'FROM --platform=$TARGETPLATFORM scratch AS target',
        'FROM --platform=$BUILDPLATFORM scratch AS build',
      );
      const architecture = async (target: string): Promise<string> =>
        (await bench.built({ target, platforms: ['linux/riscv64'], buildArgs: { WANTED: 'linux/aarch64' } })).config
          .architecture;
      expect(await architecture('given')).to.equal('arm64');
      expect(await architecture('target')).to.equal('riscv64');
      expect(await architecture('build')).to.equal(machinePlatform().architecture);
    });

    it('that is none is refused by its line', async () => {
      const { bench } = used;
      await bench.dockerfile('FROM scratch AS a', 'FROM --platform=linux/arm46 scratch');
      const { message, fix } = await bench.failure('INVALID_PLATFORM');
      expect(message).to.equal("Dockerfile line 2: 'linux/arm46' is not a platform.");
      expect(fix).to.equal('Did you mean linux/arm64?');
      await bench.dockerfile('FROM --platform=windows/amd64 scratch');
      expect((await bench.failure('INVALID_PLATFORM')).message).to.contain(
        'Dockerfile line 1: The direct image builder',
      );
    });
  });
});

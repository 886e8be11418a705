import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContainerConfig, digestOf } from '@slipway/oci';
import { expect } from 'chai';
import { pushBaseImage, pushBaseIndex } from '../support/base-image.js';
import { useBench } from '../support/bench.js';

const users = { 'etc/passwd': 'root:x:0:0::/:\napp:x:1000:1001::/:\n', 'etc/group': 'app:x:1001:\n' };

describe('A base image', () => {
  const used = useBench();

  it('gives its layers, its configuration and its history', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const config = { Env: ['PATH=/bin', 'BASE=1'], Entrypoint: ['/entry'], Labels: { of: 'base' } };
    const base = await pushBaseImage(registry.host, 'library/base', ['1'], { layers: [users], config });
    await bench.files({ 'hello.txt': 'hello' });
    await bench.dockerfile(`FROM ${registry.host}/library/base:1`, 'COPY hello.txt /', 'ENV OWN=2');
    const image = await bench.built();
    expect(image.config.config).to.deep.include({ Env: ['PATH=/bin', 'BASE=1', 'OWN=2'], Entrypoint: ['/entry'] });
    expect(image.config.rootfs.diff_ids[0]).to.equal(base.config.rootfs.diff_ids[0]);
    expect(image.config.history?.map((entry) => entry.created_by)).to.deep.equal([
      'base layer 0',
      'COPY hello.txt / # buildkit',
      'ENV OWN=2',
    ]);
    expect(image.layers[1]).to.deep.equal(['0644 0:0 /hello.txt = hello']);
  });

  it("with Docker's media types becomes an image of OCI's alone, with the same layers", async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const base = await pushBaseImage(registry.host, 'library/base', ['1'], { layers: [users] });
    await bench.dockerfile(`FROM ${registry.host}/library/base:1`);
    const { manifest } = await bench.built();
    expect(manifest.layers.map(({ digest }) => digest)).to.deep.equal(base.layers);
    expect(manifest.layers.map(({ mediaType }) => mediaType)).to.deep.equal([
      'application/vnd.oci.image.layer.v1.tar+gzip',
    ]);
    expect(manifest.config.mediaType).to.equal('application/vnd.oci.image.config.v1+json');
  });

  it('has its configuration read once, and again where what the cache holds of it is not right', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const base = await pushBaseImage(registry.host, 'library/base', ['1'], {
      layers: [users],
      config: { User: 'app' },
    });
    const digest = digestOf(Buffer.from(JSON.stringify(base.config)));
    await bench.dockerfile(`FROM ${registry.host}/library/base:1`, 'ENV OWN=1');
    const built = async (): Promise<number> => {
      const before = registry.downloads.length;
      expect((await bench.built()).config.config).to.deep.include({ User: 'app' });
      return registry.downloads.slice(before).filter((blob) => blob === digest).length;
    };
    expect([await built(), await built()]).to.deep.equal([1, 0]);
    const blobs = join(bench.folder, 'slipway', 'cache', 'blobs');
    for (const name of await readdir(blobs)) await writeFile(join(blobs, name), '{"rootfs":');
    expect([await built(), await built()]).to.deep.equal([1, 0]);
  });

  it('knows the names of --chown', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await pushBaseImage(registry.host, 'library/base', ['1'], { layers: [users] });
    await bench.files({ 'hello.txt': 'hello' });
    await bench.dockerfile(`FROM ${registry.host}/library/base:1`, 'COPY --chown=app hello.txt /');
    expect((await bench.built()).layers[1]).to.deep.equal(['0644 1000:1001 /hello.txt = hello']);
  });

  it('may be the source of COPY --from', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const layers: Record<string, string>[] = [{ 'bin/tool': 'old', 'bin/other': 'other' }, { 'bin/tool': 'new' }];
    await pushBaseImage(registry.host, 'tools', ['1'], { layers });
    await bench.dockerfile('FROM scratch', `COPY --from=${registry.host}/tools:1 /bin/tool /tool`);
    expect((await bench.built()).layers).to.deep.equal([['0644 0:0 /tool = new']]);
  });

  it('has its ONBUILD carried out first, and not handed on', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const config = { OnBuild: ['COPY package.txt /app/', 'ENV TRIGGERED=1'] };
    await pushBaseImage(registry.host, 'onbuild', ['1'], { layers: [users], config });
    await bench.files({ 'package.txt': 'package' });
    await bench.dockerfile(`FROM ${registry.host}/onbuild:1`, 'ENV LATER=2');
    const image = await bench.built();
    expect(image.layers[1]).to.deep.equal(['0644 0:0 /app/package.txt = package']);
    expect(image.config.config?.Env?.slice(-2)).to.deep.equal(['TRIGGERED=1', 'LATER=2']);
    expect(image.config.config).not.to.have.property('OnBuild');
  });

  it('has its ONBUILD carried out in order, each seeing what came before, as in a chain of stages', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const OnBuild = [
      'ARG MODE=production',
      'ENV ORDER=$ORDER-1-$MODE',
      'WORKDIR /app',
      'COPY own .',
      'ENV ORDER=$ORDER-2',
    ];
    await pushBaseImage(registry.host, 'onbuild', ['1'], { layers: [], config: { Env: ['ORDER=0'], OnBuild } });
    await bench.files({ own: 'own' });
    await bench.dockerfile(
      `FROM ${registry.host}/onbuild:1 AS first`,
      ...['ENV ORDER=$ORDER-first', 'ONBUILD ENV ORDER=$ORDER-3', 'ONBUILD LABEL mode=$MODE'],
      ...['FROM first AS second', 'ENV ORDER=$ORDER-second', 'ONBUILD ENV ORDER=$ORDER-never'],
    );
    const { config, layers } = await bench.built({ buildArgs: { MODE: 'test' } });
    expect(config.config?.Env).to.include('ORDER=0-1-test-2-first-3-second');
    expect(config.config?.Labels).to.deep.equal({ mode: 'test' });
    expect(config.config?.OnBuild).to.deep.equal(['ENV ORDER=$ORDER-never']);
    expect(layers.flat()).to.include('0644 0:0 /app/own = own');
    expect(config.history?.map((entry) => entry.created_by)).to.include('COPY own . # buildkit');
    expect(bench.warnings).to.deep.equal([]);
  });

  it('whose ONBUILD cannot be carried out is named with it', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const config = { OnBuild: ['ENV A=1', 'COPY missing.txt /'] };
    await pushBaseImage(registry.host, 'onbuild', ['1'], { layers: [], config });
    await pushBaseImage(registry.host, 'onbuild', ['2'], { layers: [], config: { OnBuild: ['FOO x'] } });
    await bench.dockerfile('ARG TAG=1', `FROM ${registry.host}/onbuild:$TAG`);
    const missing = await bench.failure('COPY_SOURCE_NOT_FOUND', { buildArgs: { TGA: '2' } });
    expect(missing.reason).to.contain(`${registry.host}/onbuild:1 has ONBUILD COPY missing.txt /.`);
    expect(bench.warnings).to.deep.equal(['No ARG of the Dockerfile takes the build arguments: TGA.']);
    const unknown = await bench.failure('DOCKERFILE_SYNTAX', { buildArgs: { TAG: '2' } });
    expect(unknown.reason).to.equal(`${registry.host}/onbuild:2 has ONBUILD FOO x.`);
  });

  it('whose ONBUILD copies from a stage that nothing else needs gets that stage built', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const config = { OnBuild: ['COPY --from=made /made.txt /'] };
    await pushBaseImage(registry.host, 'onbuild', ['1'], { layers: [], config });
    await bench.files({ 'made.txt': 'made' });
    await bench.dockerfile('FROM scratch AS made', 'COPY made.txt /', `FROM ${registry.host}/onbuild:1`);
    expect((await bench.built()).layers).to.deep.equal([['0644 0:0 /made.txt = made']]);
  });

  it('whose ONBUILD runs something is refused', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await pushBaseImage(registry.host, 'onbuild', ['1'], { layers: [], config: { OnBuild: ['RUN make'] } });
    await bench.dockerfile('ARG TAG=1', `FROM ${registry.host}/onbuild:$TAG`);
    expect((await bench.failure('RUN_NOT_SUPPORTED')).message).to.contain(
      `by the ONBUILD of ${registry.host}/onbuild:1, line 2: RUN make`,
    );
    await bench.dockerfile('FROM scratch AS own', 'ONBUILD RUN make', 'FROM own');
    expect((await bench.failure('RUN_NOT_SUPPORTED')).message).to.contain('by the ONBUILD of own, line 3: RUN make');
    await bench.build({ target: 'own' });
  });

  it('for several platforms gives each image the layers of its own', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const contents = ['amd64', 'arm64'].map((architecture) => ({ architecture, layers: [{ arch: architecture }] }));
    await pushBaseIndex(registry.host, 'base', '1', contents);
    await bench.dockerfile(`FROM ${registry.host}/base:1`);
    await bench.build({ platforms: ['linux/arm64', 'linux/amd64'] });
    for (const architecture of ['amd64', 'arm64']) {
      const { layers, config } = await bench.image('demo/hello:1', { os: 'linux', architecture });
      expect(layers).to.deep.equal([[`0644 0:0 /arch = ${architecture}`]]);
      expect(config.architecture).to.equal(architecture);
    }
    expect((await bench.failure('PLATFORM_NOT_FOUND', { platforms: ['linux/s390x'] })).reason).to.contain(
      'linux/amd64',
    );
  });

  it('of an earlier variant is one of the platform that was asked for', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const contents = ['v5', 'v6'].map((variant) => ({ architecture: 'arm', variant, layers: [{ arch: variant }] }));
    await pushBaseIndex(registry.host, 'base', '1', contents);
    await bench.dockerfile(`FROM ${registry.host}/base:1`);
    const { layers, config } = await bench.built({ platforms: ['linux/arm/v7'] });
    expect(layers).to.deep.equal([['0644 0:0 /arch = v6']]);
    expect(config).to.include({ architecture: 'arm', variant: 'v6' });
    expect(bench.warnings).to.deep.equal([]);
  });

  it('that does not say its variant is of the one that its index says', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const contents = ['v6', 'v7'].map((listedVariant) => ({
      ...{ architecture: 'arm', listedVariant, layers: [{ arch: listedVariant }] },
    }));
    await pushBaseIndex(registry.host, 'base', '1', contents);
    await bench.dockerfile(`FROM ${registry.host}/base:1`);
    await bench.build({ platforms: ['linux/arm/v6', 'linux/arm/v7'] });
    for (const variant of ['v6', 'v7']) {
      const { layers, config } = await bench.image('demo/hello:1', { os: 'linux', architecture: 'arm', variant });
      expect(layers).to.deep.equal([[`0644 0:0 /arch = ${variant}`]]);
      expect(config.variant).to.equal(variant);
    }
  });

  it('of one variant makes images for several, each of which the index has under its own', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await pushBaseImage(registry.host, 'base', ['1'], { layers: [{ a: 'a' }], variant: 'v1' });
    await bench.files({ 'tool-v1': 'for any', 'tool-v3': 'for v3' });
    await bench.dockerfile(
      ...[`FROM ${registry.host}/base:1`, 'ARG TARGETVARIANT', 'COPY tool-${TARGETVARIANT:-v1} /tool'],
    );
    await bench.build({ platforms: ['linux/amd64/v3', 'linux/amd64'] });
    for (const [variant, content] of [
      [undefined, 'for any'],
      ['v2', 'for any'],
      ['v3', 'for v3'],
    ] as const) {
      const platform = { os: 'linux', architecture: 'amd64', ...(variant === undefined ? {} : { variant }) };
      expect((await bench.image('demo/hello:1', platform)).layers[1]).to.deep.equal([`0644 0:0 /tool = ${content}`]);
    }
  });

  it('is of the platform that FROM names, whatever is asked for', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const contents = ['amd64', 'arm64'].map((architecture) => ({ architecture, layers: [{ arch: architecture }] }));
    await pushBaseIndex(registry.host, 'base', '1', contents);
    await bench.dockerfile(
      `FROM --platform=linux/arm64 ${registry.host}/base:1 AS arm`,
      `FROM ${registry.host}/base:1`,
      'COPY --from=arm /arch /other',
    );
    const { layers } = await bench.built({ platforms: ['linux/amd64'] });
    expect(layers).to.deep.equal([['0644 0:0 /arch = amd64'], ['0644 0:0 /other = arm64']]);
    expect(bench.warnings).to.deep.equal([]);
    expect((await bench.built({ target: 'arm', platforms: ['linux/amd64'] })).config.architecture).to.equal('arm64');
    expect(bench.warnings).to.deep.equal(['The image is for linux/arm64, not for linux/amd64.']);
  });

  it('of another platform than was asked for is refused, and told where none was', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await pushBaseImage(registry.host, 'base', ['1'], { layers: [], architecture: 's390x' });
    await bench.dockerfile(`FROM ${registry.host}/base:1`);
    await bench.failure('PLATFORM_NOT_FOUND', { platforms: ['linux/arm64'] });
    expect((await bench.built({ platforms: [] })).config.architecture).to.equal('s390x');
    expect(bench.warnings.join()).to.contain('is for linux/s390x');
  });

  it('of another platform may give its files to an image of the platform that was asked for', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await pushBaseImage(registry.host, 'tools', ['1'], { layers: [{ tool: 'tool' }], architecture: 's390x' });
    await bench.dockerfile(`FROM ${registry.host}/tools:1 AS tools`, 'FROM scratch', 'COPY --from=tools /tool /');
    expect((await bench.built({ platforms: ['linux/amd64'] })).config.architecture).to.equal('amd64');
    expect(bench.warnings).to.deep.equal([]);
  });

  it('of the registry of the stack is read with the credentials of that component', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await pushBaseImage(registry.host, 'private', ['1'], { layers: [{ a: 'a' }] });
    registry.login = 'someone:secret';
    await bench.configure(registry);
    await bench.dockerfile(`FROM ${registry.host}/private:1`);
    const { digest } = await bench.build();
    expect(registry.manifests.has(`demo/hello@${digest}`)).to.equal(true);
    registry.fault = () => ({ status: 403 });
    expect((await bench.failure('REGISTRY_DENIED')).fix).to.contain('in the container registry');
  });

  it('of another registry is read with the credentials that Docker has on this machine', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await pushBaseImage(registry.host, 'private', ['1'], { layers: [{ a: 'a' }] });
    registry.login = 'someone:secret';
    await bench.dockerfile(`FROM ${registry.host}/private:1`);
    await bench.failure('REGISTRY_UNAUTHORIZED');
    await bench.dockerLogin(registry.host, registry.login);
    expect((await bench.built()).layers).to.deep.equal([['0644 0:0 /a = a']]);
  });

  it('that its registry does not hand out is to be had by logging in', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    registry.fault = () => ({ status: 403 });
    await bench.dockerfile(`FROM ${registry.host}/private:1`);
    expect((await bench.failure('REGISTRY_DENIED')).fix).to.contain(`docker login ${registry.host}`);
  });

  it('that does not exist is named with its line', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    await bench.dockerfile('# comment', `FROM ${registry.host}/nothing:1`);
    expect((await bench.failure('IMAGE_NOT_FOUND')).message).to.contain(`line 2: there is no image ${registry.host}`);
  });

  it('that cannot be asked for is named with its line, and with the stage that was mistyped', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    registry.fault = () => ({ status: 403 });
    await bench.dockerfile('FROM scratch', `COPY --from=${registry.host}/private:1 /a /`);
    expect((await bench.failure('REGISTRY_DENIED')).reason).to.contain(`Line 2 of the Dockerfile names the image '`);
    await bench.dockerfile('FROM scratch AS Builder', 'FROM scratch', 'COPY --from=Bulder /a /');
    const { fix, reason } = await bench.failure('INVALID_REFERENCE');
    expect(fix).to.match(/^Did you mean the stage 'builder'\?/);
    expect(reason).to.contain("Line 3 of the Dockerfile names the image 'Bulder'.");
  });

  it('that is no container image is refused', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const { digest } = await pushBaseImage(registry.host, 'chart', ['1'], { layers: [] });
    const stored = registry.manifests.get(`chart@${digest}`);
    const manifest = JSON.parse(stored?.bytes.toString() ?? '') as { layers: unknown[]; config: unknown };
    manifest.layers.push(manifest.config);
    const mediaType = stored?.mediaType ?? '';
    registry.manifests.set('chart:2', { mediaType, bytes: Buffer.from(JSON.stringify(manifest)) });
    registry.manifests.set('chart:3', { mediaType, bytes: Buffer.from('{"schemaVersion":1}') });
    for (const tag of ['chart:2', 'chart:3']) {
      await bench.dockerfile(`FROM ${registry.host}/${tag}`);
      await bench.failure('BASE_IMAGE_INVALID');
    }
  });

  it('whose configuration holds what no image can is refused, and what builders leave empty is taken', async () => {
    const { bench } = used;
    const registry = await bench.registry();
    const broken = { OnBuild: [null], Env: ['A=1', 2], User: 0, WorkingDir: {}, Volumes: ['/data'], Labels: 'a=b' };
    for (const [name, value] of Object.entries(broken)) {
      const config = { [name]: value } as unknown as ContainerConfig;
      await pushBaseImage(registry.host, 'broken', [name.toLowerCase()], { layers: [], config });
      await bench.dockerfile(`FROM ${registry.host}/broken:${name.toLowerCase()}`, 'WORKDIR /app');
      const { reason } = await bench.failure('BASE_IMAGE_INVALID');
      expect(reason, name).to.contain('is not that of an image');
    }
    const empty = Object.fromEntries(Object.keys(broken).map((name) => [name, null])) as unknown as ContainerConfig;
    await pushBaseImage(registry.host, 'empty', ['1'], { layers: [], config: empty });
    await bench.dockerfile(`FROM ${registry.host}/empty:1`, 'ENV A=1', 'VOLUME /data', 'LABEL a=b', 'USER 5');
    const { Env, User, Labels } = (await bench.built()).config.config ?? {};
    expect([Env?.at(-1), User, Labels]).to.deep.equal(['A=1', '5', { a: 'b' }]);
  });
});

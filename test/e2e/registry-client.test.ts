import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type ContentSource,
  type Descriptor,
  DockerArchive,
  digestOf,
  ImageReference,
  OciLayout,
  RegistryClient,
  type Repository,
  resolveImage,
} from '@slipway/oci';
import { expect } from 'chai';
import { describeEndToEnd, type EndToEndWorld } from '../support/e2e-describe.js';
import { endToEndEnvironment, type EndToEndRegistry } from '../support/e2e-environment.js';

const execute = promisify(execFile);
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const platform = { os: 'linux', architecture: 'amd64' };

describeEndToEnd('the registry client, with a registry of plain HTTP', [], (world) => {
  describeClient(world, () => endToEndEnvironment.registry);

  it('reads what the executor pushed', async () => {
    const { run } = world;
    const configuration = await run.stack();
    const context = await run.context({
      Dockerfile: `FROM ${endToEndEnvironment.baseImage}\nCOPY a.txt /\n`,
      'a.txt': 'a',
    });
    const { stdout } = await run.start(configuration, 'build', context, '-t', 'client/executor:1').succeeds();
    const reference = ImageReference.parse(stdout.trim());
    const client = clientOf(endToEndEnvironment.registry);
    try {
      const sizes = await layerSizes(client.repository(reference.repository), reference.digest ?? '');
      expect(sizes).to.have.length(2);
    } finally {
      client.close();
    }
  });

  it('and reads what skopeo wrote of an image, as it lies in the registry', async function () {
    if (!(await hasSkopeo())) return this.skip();
    const { baseImage, registry } = endToEndEnvironment;
    const [layout, archive] = [join(world.run.directory, 'skopeo-layout'), join(world.run.directory, 'skopeo.tar')];
    const insecure = registry.insecure ? ['--src-tls-verify=false'] : [];
    await execute('skopeo', ['copy', '--quiet', ...insecure, `docker://${baseImage}`, `oci:${layout}:base:1`]);
    await execute('skopeo', [
      'copy',
      '--quiet',
      ...insecure,
      `docker://${baseImage}`,
      `docker-archive:${archive}:base:1`,
    ]);
    const reference = ImageReference.parse(baseImage);
    const client = clientOf(registry);
    try {
      const wanted = await diffIds(client.repository(reference.repository), reference.tag ?? 'latest');
      expect(await diffIds(await OciLayout.open(layout), 'base:1')).to.deep.equal(wanted);
      const opened = await DockerArchive.open(archive);
      expect(await diffIds(opened, 'base:1')).to.deep.equal(wanted);
    } finally {
      client.close();
    }
  });
});

describeEndToEnd(
  'the registry client, with TLS of a private authority and a password',
  ['protectedRegistry'],
  (world) => {
    describeClient(world, () => endToEndEnvironment.protectedRegistry);

    it('is refused with a wrong password, and without the authority', async () => {
      const registry = endToEndEnvironment.protectedRegistry;
      const codeOf = async (wrong: EndToEndRegistry): Promise<unknown> => {
        const client = clientOf(wrong);
        const error: unknown = await client.ping().catch((reason: unknown) => reason);
        client.close();
        return (error as { code?: string }).code;
      };
      expect(await codeOf({ ...registry, password: 'wrong' })).to.equal('REGISTRY_UNAUTHORIZED');
      expect(await codeOf({ ...registry, username: undefined })).to.equal('REGISTRY_UNAUTHORIZED');
      expect(await codeOf({ ...registry, authorities: undefined })).to.equal('REGISTRY_CERTIFICATE_UNTRUSTED');
      expect(await codeOf({ ...registry, insecure: true })).to.equal('REGISTRY_FAILED');
    });
  },
);

/** Everything that the client does with a registry. */
function describeClient(world: EndToEndWorld, registryOf: () => EndToEndRegistry): void {
  let client: RegistryClient;
  let repository: Repository;
  let other: Repository;

  before(async () => {
    const registry = registryOf();
    client = clientOf(registry);
    const path = world.run.uriIn(registry).split('/').slice(1).join('/');
    repository = client.repository(`${path}/client/one`);
    other = client.repository(`${path}/client/two`);
    await client.ping();
  });
  after(() => client.close());

  it('writes and reads blobs: small and large, streamed, mounted; and finds what is not there', async () => {
    const [small, large] = [blobOf(Buffer.from('small')), blobOf(randomBytes(20 * 1024 * 1024))];
    for (const { descriptor, bytes } of [small, large]) {
      expect(await repository.hasBlob(descriptor)).to.equal(false);
      await repository.writeBlob(descriptor, () => pieces(bytes));
      expect(await repository.hasBlob(descriptor)).to.equal(true);
      expect(digestOf(await read(repository, descriptor))).to.equal(descriptor.digest);
    }
    const streamed = randomBytes(5 * 1024 * 1024);
    const written = await repository.streamBlob('application/octet-stream', pieces(streamed));
    expect(written).to.include({ digest: digestOf(streamed), size: streamed.length });
    expect(await other.mountBlob(large.descriptor, repository.name)).to.equal(true);
    expect(await other.hasBlob(large.descriptor)).to.equal(true);
    expect(await repository.hasBlob(blobOf(randomBytes(8)).descriptor)).to.equal(false);
  });

  it('writes, resolves and lists manifests', async () => {
    const config = blobOf(Buffer.from(JSON.stringify({ ...platform, rootfs: { type: 'layers', diff_ids: [] } })));
    await repository.writeBlob(config.descriptor, () => pieces(config.bytes));
    const type = 'application/vnd.oci.image.config.v1+json';
    const manifest = { schemaVersion: 2, mediaType, config: { ...config.descriptor, mediaType: type }, layers: [] };
    const bytes = Buffer.from(JSON.stringify(manifest));
    const tags = Array.from({ length: 12 }, (_, index) => `tag-${String(index).padStart(2, '0')}`);
    const { digest } = await repository.writeManifest(mediaType, bytes, tags);
    expect((await repository.tags()).toSorted()).to.deep.equal(tags);
    expect((await repository.manifest('tag-03'))?.descriptor.digest).to.equal(digest);
    expect((await repository.manifest(digest))?.bytes.equals(bytes)).to.equal(true);
    expect(await repository.manifest('nothing')).to.equal(undefined);
    expect(await client.repository(`${repository.name}/none`).tags()).to.deep.equal([]);
    expect(await repository.checkPush()).to.equal(true);
  });
}

function clientOf({ uri, insecure, username, password, authorities }: EndToEndRegistry): RegistryClient {
  const caBundle = authorities === undefined ? undefined : readFileSync(authorities, 'utf8');
  return new RegistryClient({
    host: uri.split('/', 1)[0] ?? '',
    transport: { insecure, skipTlsVerify: false, caBundle },
    credentials: username === undefined || password === undefined ? undefined : { username, password },
  });
}

function blobOf(bytes: Buffer): { bytes: Buffer; descriptor: Descriptor } {
  return { bytes, descriptor: { mediaType: 'application/octet-stream', digest: digestOf(bytes), size: bytes.length } };
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  for (let start = 0; start < bytes.length; start += 65_536) {
    yield await Promise.resolve(bytes.subarray(start, start + 65_536));
  }
}

async function read(source: ContentSource, descriptor: Descriptor): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source.blob(descriptor)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Reads every layer, whose digests are checked with that. */
async function layerSizes(source: ContentSource, reference: string): Promise<number[]> {
  const found = await resolveImage(source, reference, { platform });
  if (found === undefined) throw new Error(`There is no ${reference}.`);
  return Promise.all(found.image.layers.map(async (layer) => (await read(source, layer)).length));
}

async function diffIds(source: ContentSource, reference: string): Promise<readonly string[]> {
  expect(await layerSizes(source, reference)).not.to.deep.equal([]);
  const found = await resolveImage(source, reference, { platform });
  if (found === undefined) throw new Error(`There is no ${reference}.`);
  const config = JSON.parse((await read(source, found.image.config)).toString()) as { rootfs: { diff_ids: string[] } };
  return config.rootfs.diff_ids;
}

async function hasSkopeo(): Promise<boolean> {
  return execute('skopeo', ['--version']).then(
    () => true,
    () => false,
  );
}

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import {
  digestOf,
  DockerArchive,
  ImageReference,
  OciLayout,
  parseImageManifest,
  writeDockerArchive,
  type ContentSource,
  type Descriptor,
  type ImageManifest,
} from '@slipway/oci';
import { expect } from 'chai';

import { rejectionOf } from '../support/refusal-of.js';
import { chunks, contentOf, layerText, toBytes, writeSmallImage, writeSmallIndex } from '../support/small-image.js';
import { fixture, pack, put, unpack } from '../support/tar-command.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const hello = ImageReference.parse('demo/hello:1');

async function imageOf(archive: DockerArchive, reference = 'demo/hello:1'): Promise<ImageManifest> {
  const manifest = await archive.manifest(reference);
  const image = parseImageManifest(manifest?.bytes ?? Buffer.alloc(0));
  if (image === undefined) throw new Error(`There is no image ${reference}.`);
  return image;
}

describe('DockerArchive', () => {
  const path = temporaryFolder();

  /** The files of an archive as Docker wrote them before version 25, its layers in folders. */
  function putOldImage(layers: readonly Buffer[], diffIds: readonly string[]): void {
    put(path('tree'), 'config.json', toBytes({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: diffIds } }));
    const paths = layers.map((_, index) => `layer${index}/layer.tar`);
    layers.forEach((layer, index) => put(path('tree'), paths[index] ?? '', layer));
    put(path('tree'), 'manifest.json', toBytes([{ Config: 'config.json', RepoTags: ['demo/hello:1'], Layers: paths }]));
  }

  function packed(names?: readonly string[]): Promise<DockerArchive> {
    pack(path('archive.tar'), path('tree'), names);
    return DockerArchive.open(path('archive.tar'));
  }

  /** Changes the header at this place of the archive, and its checksum with it. */
  function changeHeader(offset: number, change: (header: Buffer) => unknown): void {
    const bytes = readFileSync(path('archive.tar'));
    const header = bytes.subarray(offset, offset + 512);
    change(header);
    header.fill(' ', 148, 156);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte)
        .toString(8)
        .padStart(6, '0')}\0`,
      148,
    );
    writeFileSync(path('archive.tar'), bytes);
  }

  const [one, two] = [Buffer.from('one'), Buffer.from('two')];

  describe('reads', () => {
    it('what skopeo wrote', async () => {
      const archive = await DockerArchive.open(fixture('skopeo-docker-archive.tar'));
      const image = await imageOf(archive);
      expect(image.layers.map(({ digest }) => digest)).to.deep.equal([
        'sha256:e0f7df15a36527f1ca5705418d2b501fb545a41e980cb41ec46b649b99a45a66',
      ]);
      expect(JSON.parse((await contentOf(archive, image.config)).toString())).to.deep.include({ os: 'linux' });
      for (const layer of image.layers) expect(await layerText(archive, layer)).to.contain('hello.txt');
    });

    it('its images by name, as a person or a tool writes it, and by digest', async () => {
      const archive = await DockerArchive.open(fixture('skopeo-docker-archive.tar'));
      const [descriptor] = archive.descriptors();
      expect(descriptor?.annotations).to.deep.equal({
        'org.opencontainers.image.ref.name': 'docker.io/demo/hello:1',
      });
      for (const name of ['demo/hello:1', 'docker.io/demo/hello:1', descriptor?.digest ?? '']) {
        expect((await archive.manifest(name))?.descriptor.digest, name).to.equal(descriptor?.digest);
      }
      expect(await archive.manifest('demo/hello')).to.equal(undefined);
    });

    it('the image of the tag `latest` by a name without one', async () => {
      putOldImage([one], [digestOf(one)]);
      const entry = { Config: 'config.json', RepoTags: ['demo/hello:latest'], Layers: ['layer0/layer.tar'] };
      put(path('tree'), 'manifest.json', toBytes([entry]));
      expect((await imageOf(await packed(), 'demo/hello')).layers).to.have.length(1);
    });

    it('hard links, and of a file that is there twice the later one', async () => {
      putOldImage([one, one, one], [digestOf(one), digestOf(one), digestOf(two)]);
      for (const layer of ['layer1', 'layer2']) rmSync(path('tree', layer, 'layer.tar'));
      linkSync(path('tree', 'layer0', 'layer.tar'), path('tree', 'layer1', 'layer.tar'));
      symlinkSync('../layer0/layer.tar', path('tree', 'layer2', 'layer.tar'));
      await packed(['config.json', 'manifest.json', 'layer0', 'layer1', 'layer2']);
      rmSync(path('tree', 'layer2', 'layer.tar'));
      put(path('tree'), 'layer2/layer.tar', two);
      execFileSync('tar', ['-rf', path('archive.tar'), '-C', path('tree'), 'layer2']);
      const archive = await DockerArchive.open(path('archive.tar'));
      const { layers } = await imageOf(archive);
      expect(await Promise.all(layers.map((layer) => layerText(archive, layer)))).to.deep.equal(['one', 'one', 'two']);
    });

    it('layers whose length is written as a binary number, as some tools do', async () => {
      putOldImage([one], [digestOf(one)]);
      await packed(['layer0/layer.tar', 'config.json', 'manifest.json']);
      changeHeader(0, (header) => {
        header.fill(0, 124, 136).writeUInt8(0x80, 124);
        header.writeUInt32BE(one.length, 132);
      });
      const archive = await DockerArchive.open(path('archive.tar'));
      expect((await imageOf(archive)).layers.map(({ size }) => size)).to.deep.equal([one.length]);
    });

    it('layers in folders of their own, and links to them', async () => {
      putOldImage([one, two, one], [digestOf(one), digestOf(two), digestOf(one)]);
      rmSync(path('tree', 'layer2', 'layer.tar'));
      symlinkSync('same.tar', path('tree', 'layer2', 'layer.tar'));
      symlinkSync('../layer0/layer.tar', path('tree', 'layer2', 'same.tar'));
      const archive = await packed();
      const { layers } = await imageOf(archive);
      expect(await Promise.all(layers.map((layer) => layerText(archive, layer)))).to.deep.equal(['one', 'two', 'one']);
    });

    it('layers that are compressed', async () => {
      putOldImage([gzipSync(one)], [digestOf(one)]);
      const archive = await packed();
      const [layer] = (await imageOf(archive)).layers;
      expect(layer).to.deep.equal({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: digestOf(gzipSync(one)),
        size: gzipSync(one).length,
      });
      expect(layer && (await layerText(archive, layer))).to.equal('one');
    });

    it('layers that are compressed with zstd', async () => {
      const layer = Buffer.concat([Buffer.from('28b52ffd', 'hex'), one]);
      putOldImage([layer], [digestOf(one)]);
      const [found] = (await imageOf(await packed())).layers;
      const mediaType = 'application/vnd.oci.image.layer.v1.tar+zstd';
      expect(found).to.deep.equal({ mediaType, digest: digestOf(layer), size: layer.length });
    });

    it('compressed layers that lie as in a layout, and no manifest beside them', async () => {
      const [layer, config] = [gzipSync(one), toBytes({ rootfs: { diff_ids: [digestOf(one)] } })];
      const paths = [layer, config].map((bytes) => `blobs/${digestOf(bytes).replace(':', '/')}`);
      [layer, config].forEach((bytes, index) => put(path('tree'), paths[index] ?? '', bytes));
      const entry = { Config: paths[1], RepoTags: ['demo/hello:1'], Layers: [paths[0]] };
      put(path('tree'), 'manifest.json', toBytes([entry]));
      const { layers } = await imageOf(await packed());
      expect(layers.map(({ mediaType }) => mediaType)).to.deep.equal(['application/vnd.oci.image.layer.v1.tar+gzip']);
    });

    it('indexes that lead to each other in more ways than anybody could go', async () => {
      const mediaType = 'application/vnd.oci.image.index.v1+json';
      let index = toBytes({ schemaVersion: 2, manifests: [] });
      for (let depth = 0; depth < 40; depth += 1) {
        const digest = digestOf(index);
        put(path('tree'), `blobs/${digest.replace(':', '/')}`, index);
        const entry = { mediaType, digest, size: index.length };
        index = toBytes({ schemaVersion: 2, depth, manifests: [entry, entry] });
      }
      put(path('tree'), 'index.json', index);
      putOldImage([one], [digestOf(one)]);
      expect((await imageOf(await packed())).layers).to.have.length(1);
    });

    it('names too long for a plain header, in the way of GNU and in those of POSIX', async () => {
      putOldImage([one], [digestOf(one)]);
      const long = `${'folder/'.repeat(30)}layer.tar`;
      put(path('tree'), long, one);
      put(
        path('tree'),
        'manifest.json',
        toBytes([{ Config: 'config.json', RepoTags: ['demo/hello:1'], Layers: [long] }]),
      );
      for (const format of ['gnu', 'posix', 'ustar']) {
        execFileSync('tar', [`--format=${format}`, '-cf', path('archive.tar'), '-C', path('tree'), '.']);
        const archive = await DockerArchive.open(path('archive.tar'));
        const [layer] = (await imageOf(archive)).layers;
        expect(layer && (await layerText(archive, layer)), format).to.equal('one');
      }
    });

    it("Docker 25's, whose manifests keep their digest though other platforms are missing", async () => {
      const layout = await OciLayout.create(path('tree'));
      const images = await writeSmallIndex(layout, '1', ['linux/amd64', 'linux/arm64']);
      const manifest = await layout.manifest(images.get('linux/arm64')?.digest ?? '');
      const image = parseImageManifest(manifest?.bytes ?? Buffer.alloc(0));
      const [config = '', ...layers] = [image?.config, ...(image?.layers ?? [])].map(
        (one) => `blobs/${one?.digest.replace(':', '/')}`,
      );
      rmSync(path('tree', 'blobs', ...(images.get('linux/amd64')?.digest ?? '').split(':')));
      put(path('tree'), 'manifest.json', toBytes([{ Config: config, RepoTags: ['demo/hello:1'], Layers: layers }]));
      const archive = await packed();
      expect(await archive.manifest('demo/hello:1')).to.deep.equal(manifest);
      expect(await layerText(archive, (await imageOf(archive)).layers[0] ?? image!.config)).to.equal('for linux/arm64');
    });
  });

  describe('makes a manifest of its own where that of the archive', () => {
    /** The archive of an image with its manifest, something about it changed. */
    async function changed(change: (manifest: Descriptor, layer: Descriptor) => void): Promise<Descriptor> {
      const layout = await OciLayout.create(path('tree'));
      const { manifest, config, layers } = await writeSmallImage(layout, ['1'], ['one']);
      const pathOf = ({ digest }: Descriptor): string => `blobs/${digest.replace(':', '/')}`;
      put(path('tree'), 'layer.tar', 'one');
      const entry = { Config: pathOf(config), RepoTags: ['demo/hello:1'], Layers: ['layer.tar'] };
      put(path('tree'), 'manifest.json', toBytes([entry]));
      expect((await (await packed()).manifest('demo/hello:1'))?.descriptor).to.deep.equal(manifest);
      change(manifest, layers[0] ?? manifest);
      const archive = await packed();
      const [layer] = (await imageOf(archive)).layers;
      expect(layer && (await layerText(archive, layer))).to.equal('one');
      const found = (await archive.manifest('demo/hello:1'))?.descriptor ?? manifest;
      expect(found.digest).not.to.equal(manifest.digest);
      return found;
    }

    it('is not what its digest promises', async () => {
      await changed((manifest) => {
        const file = path('tree', 'blobs', ...manifest.digest.split(':'));
        writeFileSync(file, readFileSync(file, 'utf8').replace('{"schemaVersion":2,', '{"schemaVersion":3,'));
      });
    });

    it('is not as long as it is said to be', async () => {
      await changed((manifest) => {
        const size = manifest.size + 1;
        put(path('tree'), 'index.json', toBytes({ schemaVersion: 2, manifests: [{ ...manifest, size }] }));
      });
    });

    it('speaks of layers that are not there', async () => {
      await changed((_, layer) => rmSync(path('tree', 'blobs', ...layer.digest.split(':'))));
    });
  });

  describe('refuses', () => {
    async function reasonOf(opening: Promise<unknown>): Promise<string> {
      const error = await rejectionOf(opening);
      expect(error).to.include({ code: 'ARCHIVE_INVALID' });
      expect(error.message).to.contain(path('archive.tar'));
      return error.reason ?? '';
    }

    it('a file that is not there', async () => {
      expect(await rejectionOf(DockerArchive.open(path('nothing')))).to.include({ code: 'ARCHIVE_UNREADABLE' });
    });

    for (const [what, content, reason] of [
      ['an empty file', '', 'It is empty.'],
      ['what is no tar archive', 'x'.repeat(2048), 'It is not a tar archive.'],
      [
        'what is compressed',
        gzipSync(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * i) % 251))),
        'It is compressed with gzip.',
      ],
    ] as const) {
      it(what, async () => {
        writeFileSync(path('archive.tar'), content);
        expect(await reasonOf(DockerArchive.open(path('archive.tar')))).to.equal(reason);
      });
    }

    it('one that is cut off', async () => {
      putOldImage([Buffer.alloc(100_000)], [digestOf(Buffer.alloc(100_000))]);
      await packed(['config.json', 'manifest.json', 'layer0']);
      truncateSync(path('archive.tar'), 50_000);
      expect(await reasonOf(DockerArchive.open(path('archive.tar')))).to.contain('cut off');
    });

    it('one without manifest.json, and says how to read a layout', async () => {
      await OciLayout.create(path('tree'));
      const error = await rejectionOf(packed());
      expect(error).to.include({ code: 'ARCHIVE_INVALID', reason: 'It has no file manifest.json.' });
      expect(error.fix).to.contain('OCI layout');
    });

    for (const [what, name, content, reason] of [
      ['a manifest.json that is no list', 'manifest.json', '{}', 'not a list of images'],
      ['a configuration that is none', 'config.json', '{}', 'not the configuration'],
      [
        'a layer too many in the configuration',
        'config.json',
        toBytes({ rootfs: { diff_ids: [digestOf(one), digestOf(two)] } }),
        '1 layers, and 2',
      ],
    ] as const) {
      it(what, async () => {
        putOldImage([one], [digestOf(one)]);
        put(path('tree'), name, content);
        expect(await reasonOf(packed())).to.contain(reason);
      });
    }

    it('a configuration that is not what its name promises', async () => {
      const file = `blobs/${digestOf(two).replace(':', '/')}`;
      const config = toBytes({ rootfs: { diff_ids: [] } });
      put(path('tree'), file, config);
      put(path('tree'), 'manifest.json', toBytes([{ Config: file, RepoTags: [], Layers: [] }]));
      expect(await reasonOf(packed()))
        .to.contain(digestOf(two))
        .and.contain(digestOf(config));
    });

    it('what is broken in the middle', async () => {
      putOldImage([one], [digestOf(one)]);
      await packed(['config.json', 'manifest.json', 'layer0/layer.tar']);
      const bytes = readFileSync(path('archive.tar'));
      // The second header: one byte of the name changed, and not the checksum.
      bytes.writeUInt8(bytes.readUInt8(1024) ^ 1, 1024);
      writeFileSync(path('archive.tar'), bytes);
      expect(await reasonOf(DockerArchive.open(path('archive.tar')))).to.equal('It is broken at byte 1024.');
    });

    it('names longer than any name', async () => {
      putOldImage([Buffer.alloc(2 * 1024 * 1024)], [digestOf(one)]);
      await packed(['layer0/layer.tar', 'config.json', 'manifest.json']);
      changeHeader(0, (header) => header.write('L', 156));
      expect(await reasonOf(DockerArchive.open(path('archive.tar')))).to.contain('absurd length');
    });

    it('links that lead in a circle', async () => {
      putOldImage([one], [digestOf(one)]);
      rmSync(path('tree', 'layer0', 'layer.tar'));
      symlinkSync('other.tar', path('tree', 'layer0', 'layer.tar'));
      symlinkSync('layer.tar', path('tree', 'layer0', 'other.tar'));
      expect(await reasonOf(packed())).to.equal("'layer0/layer.tar' is missing in it.");
    });

    it('an image whose layer is missing', async () => {
      putOldImage([one], [digestOf(one)]);
      rmSync(path('tree', 'layer0'), { recursive: true });
      expect(await reasonOf(packed())).to.equal("'layer0/layer.tar' is missing in it.");
    });

    it('a layer that is not what the configuration says', async () => {
      putOldImage([one], [digestOf(two)]);
      const archive = await packed();
      const [layer] = (await imageOf(archive)).layers;
      expect(await reasonOf(contentOf(archive, layer!))).to.contain(digestOf(two));
    });
  });
});

describe('writeDockerArchive', () => {
  const path = temporaryFolder();
  let layout: OciLayout;

  beforeEach(async () => {
    layout = await OciLayout.create(path('layout'));
  });

  it('writes what DockerArchive reads, digest for digest', async () => {
    const { manifest, layers } = await writeSmallImage(layout, ['1'], ['one', 'two', 'one']);
    const names = [hello, ImageReference.parse('reg.example.com/hello')];
    const written = await writeDockerArchive(path('a.tar'), { source: layout, reference: '1', names });
    expect(written).to.deep.equal(manifest);
    const archive = await DockerArchive.open(path('a.tar'));
    expect(await archive.manifest('demo/hello:1')).to.deep.equal(await layout.manifest('1'));
    expect(await archive.manifest('reg.example.com/hello:latest')).to.deep.equal(await layout.manifest('1'));
    expect(await Promise.all(layers.map((layer) => layerText(archive, layer)))).to.deep.equal(['one', 'two', 'one']);
    const files = execFileSync('tar', ['-tf', path('a.tar')], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(new Set(files).size).to.equal(files.length);
    expect(
      readFileSync(path('a.tar'))
        .subarray(-1024)
        .every((byte) => byte === 0),
    ).to.equal(true);
  });

  it('writes an image without a name, to be found by its digest', async () => {
    const { manifest, config, layers } = await writeSmallImage(layout, []);
    const bytes = toBytes({ schemaVersion: 2, config, layers, annotations: { 'com.example': 'no other manifest' } });
    const written = await layout.writeManifest(manifest.mediaType, bytes, []);
    await writeDockerArchive(path('a.tar'), { source: layout, reference: written.digest, names: [] });
    const archive = await DockerArchive.open(path('a.tar'));
    expect(archive.descriptors()).to.deep.equal([written]);
    expect(await archive.manifest(written.digest)).to.deep.equal({ descriptor: written, bytes });
  });

  it('writes what Docker before version 25 reads too: files that manifest.json names', async () => {
    const { config, layers } = await writeSmallImage(layout, ['1']);
    await writeDockerArchive(path('a.tar'), { source: layout, reference: '1', names: [hello] });
    unpack(path('a.tar'), path('unpacked'));
    const pathOf = ({ digest }: { digest: string }): string => `blobs/${digest.replace(':', '/')}`;
    expect(JSON.parse(readFileSync(path('unpacked', 'manifest.json'), 'utf8'))).to.deep.equal([
      { Config: pathOf(config), RepoTags: ['docker.io/demo/hello:1'], Layers: layers.map(pathOf) },
    ]);
    for (const blob of [config, ...layers]) {
      expect(digestOf(readFileSync(path('unpacked', pathOf(blob))))).to.equal(blob.digest);
    }
  });

  it('writes the same bytes each time', async () => {
    await writeSmallImage(layout, ['1'], ['one', 'two']);
    for (const name of ['a.tar', 'b.tar']) {
      await writeDockerArchive(path(name), { source: layout, reference: '1', names: [hello] });
    }
    expect(readFileSync(path('a.tar')).equals(readFileSync(path('b.tar')))).to.equal(true);
  });

  describe('of an index', () => {
    beforeEach(() => writeSmallIndex(layout, 'all', ['linux/amd64', 'linux/arm64', 'linux/arm/v7', 'unknown/unknown']));

    for (const [wanted, platform] of [
      ['linux/arm64', { os: 'linux', architecture: 'arm64', variant: 'v8' }],
      ['linux/arm/v7', { os: 'linux', architecture: 'arm' }],
    ] as const) {
      it(`takes the image for ${wanted}`, async () => {
        await writeDockerArchive(path('a.tar'), { source: layout, reference: 'all', platform, names: [hello] });
        const archive = await DockerArchive.open(path('a.tar'));
        const [layer] = (await imageOf(archive)).layers;
        expect(await layerText(archive, layer!)).to.equal(`for ${wanted}`);
      });
    }

    for (const platform of [undefined, { os: 'linux', architecture: 'arm', variant: 'v6' }]) {
      it(`refuses ${platform === undefined ? 'to choose' : 'a platform that it has not'}`, async () => {
        const writing = writeDockerArchive(path('a.tar'), { source: layout, reference: 'all', platform, names: [] });
        const error = await rejectionOf(writing);
        expect(error).to.include({ code: 'PLATFORM_NOT_FOUND' });
        expect(error.reason).to.equal('It has: linux/amd64, linux/arm64, linux/arm/v7.');
      });
    }
  });

  describe('leaves no file', () => {
    it('where there is no such image', async () => {
      const writing = writeDockerArchive(path('a.tar'), { source: layout, reference: 'none', names: [] });
      expect(await rejectionOf(writing)).to.include({ code: 'IMAGE_NOT_FOUND' });
    });

    it('where a layer is broken, and keeps the archive that is there', async () => {
      const { layers } = await writeSmallImage(layout, ['1']);
      writeFileSync(path('a.tar'), 'before');
      const blob = path('layout', 'blobs', ...(layers[0]?.digest ?? '').split(':'));
      renameSync(blob, path('gone'));
      const writing = writeDockerArchive(path('a.tar'), { source: layout, reference: '1', names: [hello] });
      expect(await rejectionOf(writing)).to.include({ code: 'LAYOUT_INVALID' });
      expect(readFileSync(path('a.tar'), 'utf8')).to.equal('before');
    });

    it('where Docker could not read a digest', async () => {
      const layer = Buffer.from('a layer');
      const digest = digestOf(layer, 'sha512');
      await layout.writeBlob({ mediaType: 'x/y', digest, size: layer.length }, () => chunks(layer));
      const { config } = await writeSmallImage(layout, ['2']);
      const layers = [{ mediaType: 'x/y', digest, size: layer.length }];
      const bytes = toBytes({ schemaVersion: 2, config, layers });
      await layout.writeManifest('application/vnd.oci.image.manifest.v1+json', bytes, ['1']);
      const writing = writeDockerArchive(path('a.tar'), { source: layout, reference: '1', names: [hello] });
      const error = await rejectionOf(writing);
      expect(error).to.include({ code: 'MANIFEST_UNSUPPORTED' });
      expect(error.reason).to.contain(digest);
    });

    it('where it is cancelled', async () => {
      await writeSmallImage(layout, ['1'], ['one', 'two']);
      const controller = new AbortController();
      const { signal } = controller;
      const source: ContentSource = {
        manifest: (...request) => layout.manifest(...request),
        // As of a source that does not look at the signal.
        blob: (descriptor) => {
          controller.abort(new Error('enough'));
          return layout.blob(descriptor);
        },
      };
      const writing = writeDockerArchive(path('a.tar'), { source, reference: '1', names: [hello], signal });
      expect(await writing.catch((error: unknown) => error)).to.equal(signal.reason);
    });

    it('where it cannot be written', async () => {
      await writeSmallImage(layout, ['1']);
      const file = path('nowhere', 'a.tar');
      const writing = writeDockerArchive(file, { source: layout, reference: '1', names: [hello] });
      expect(await rejectionOf(writing)).to.include({ code: 'ARCHIVE_UNWRITABLE' });
    });

    afterEach(() => {
      expect(existsSync(path('a.tar')) && readFileSync(path('a.tar'), 'utf8') !== 'before').to.equal(false);
      expect(readdirSync(path()).filter((name) => name.endsWith('.part'))).to.deep.equal([]);
    });
  });
});

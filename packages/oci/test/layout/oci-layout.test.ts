import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, OciLayout, parseImageManifest, type ContentOptions } from '@slipway/oci';
import { expect } from 'chai';
import { asOrdinaryUser } from '../support/as-ordinary-user.js';

import { altered } from '../support/blob.js';
import { rejectionOf } from '../support/refusal-of.js';
import { chunks, contentOf, layerText, toBytes, writeSmallImage, writeSmallIndex } from '../support/small-image.js';
import { fixture, put, unpack } from '../support/tar-command.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const referenceName = 'org.opencontainers.image.ref.name';
const mediaType = 'application/octet-stream';

describe('OciLayout', () => {
  const path = temporaryFolder();
  let layout: OciLayout;

  beforeEach(async () => {
    layout = await OciLayout.create(path('layout'));
  });

  async function tags(): Promise<(string | undefined)[]> {
    return (await layout.descriptors()).map(({ annotations }) => annotations?.[referenceName]);
  }

  function blobPath(digest: string): string {
    return path('layout', 'blobs', ...digest.split(':'));
  }

  /** Everything that lies where the layout has its blobs, what is hidden too. */
  function blobFiles(): string[] {
    return readdirSync(path('layout', 'blobs'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name !== 'sha256',
    );
  }

  describe('is made', () => {
    it('as the specification has it', () => {
      expect(readFileSync(path('layout', 'oci-layout'), 'utf8')).to.equal('{"imageLayoutVersion":"1.0.0"}');
      expect(JSON.parse(readFileSync(path('layout', 'index.json'), 'utf8'))).to.deep.include({
        schemaVersion: 2,
        manifests: [],
      });
      expect(readdirSync(path('layout')).toSorted()).to.deep.equal(['blobs', 'index.json', 'oci-layout']);
    });

    it('once, and opened from then on', async () => {
      await writeSmallImage(layout, ['1']);
      const version = '{ "imageLayoutVersion": "1.0.0", "of": "another tool" }';
      writeFileSync(path('layout', 'oci-layout'), version);
      await OciLayout.create(path('layout'));
      expect(await tags()).to.deep.equal(['1']);
      expect(readFileSync(path('layout', 'oci-layout'), 'utf8')).to.equal(version);
    });

    it('for others to read, whatever they may not do', () => {
      for (const file of ['oci-layout', 'index.json']) {
        expect(statSync(path('layout', file)).mode & 0o777, file).to.equal(0o666 & ~process.umask() & ~0o022);
      }
    });

    it('by any number at the same time', async () => {
      const made = await Promise.all(Array.from({ length: 8 }, () => OciLayout.create(path('new', 'layout'))));
      await Promise.all(made.map((one, index) => writeSmallImage(one, [`${index}`])));
      expect(await (made[0] as OciLayout).descriptors()).to.have.length(8);
      expect(readdirSync(path('new', 'layout')).toSorted()).to.deep.equal(['blobs', 'index.json', 'oci-layout']);
    });

    it('only where a folder can be', async () => {
      writeFileSync(path('file'), '');
      expect(await rejectionOf(OciLayout.create(path('file')))).to.include({ code: 'LAYOUT_UNWRITABLE' });
    });
  });

  describe('gives back what was written', () => {
    it('by its tag and by its digest', async () => {
      const { manifest, config, layers } = await writeSmallImage(layout, ['1', 'latest'], ['one', 'two']);
      const opened = await OciLayout.open(path('layout'));
      const found = await opened.manifest('1');
      expect(found?.descriptor).to.deep.equal(manifest);
      expect(digestOf(found?.bytes ?? Buffer.alloc(0))).to.equal(manifest.digest);
      expect(await opened.manifest('latest')).to.deep.equal(found);
      expect(await opened.manifest(manifest.digest)).to.deep.equal(found);
      expect(parseImageManifest(found?.bytes ?? Buffer.alloc(0))).to.deep.include({ config, layers });
      expect(await Promise.all(layers.map((layer) => layerText(opened, layer)))).to.deep.equal(['one', 'two']);
    });

    it('by digest also where only an index points to it', async () => {
      const images = await writeSmallIndex(layout, 'all', ['linux/amd64', 'linux/arm64']);
      expect(await tags()).to.deep.equal(['all']);
      const { digest = '', mediaType: type = '', size = 0 } = images.get('linux/arm64') ?? {};
      expect((await layout.manifest(digest))?.descriptor).to.deep.equal({ mediaType: type, digest, size });
    });

    it('by digest with the media type that it names, or that it has by its form', async () => {
      const config = { mediaType, digest: digestOf(Buffer.from('{}')), size: 2 };
      const docker = 'application/vnd.docker.distribution.manifest';
      for (const [type, document] of [
        [`${docker}.v2+json`, { schemaVersion: 2, mediaType: `${docker}.v2+json`, config, layers: [] }],
        [`${docker}.list.v2+json`, { schemaVersion: 2, mediaType: `${docker}.list.v2+json`, manifests: [] }],
        ['application/vnd.oci.image.manifest.v1+json', { schemaVersion: 2, config, layers: [] }],
        ['application/vnd.oci.image.index.v1+json', { schemaVersion: 2, manifests: [] }],
      ] as const) {
        const { digest } = await layout.writeManifest('what/ever', toBytes(document), []);
        expect((await layout.manifest(digest))?.descriptor.mediaType).to.equal(type);
      }
    });

    it('and nothing for what is not there', async () => {
      expect(await layout.manifest('1')).to.equal(undefined);
      expect(await layout.manifest(digestOf(Buffer.from('nothing')))).to.equal(undefined);
    });

    it('under digests of other algorithms too', async () => {
      const descriptor = { mediaType, digest: digestOf(Buffer.from('text'), 'sha512'), size: 4 };
      await layout.writeBlob(descriptor, () => chunks('te', 'xt'));
      expect((await contentOf(layout, descriptor)).toString()).to.equal('text');
    });
  });

  describe('takes a tag', () => {
    it('again, for another image, and keeps the other tags', async () => {
      const old = await writeSmallImage(layout, ['1', 'old'], ['old']);
      const { manifest } = await writeSmallImage(layout, ['1', 'new'], ['new']);
      expect((await tags()).toSorted()).to.deep.equal(['1', 'new', 'old']);
      expect((await layout.manifest('1'))?.descriptor).to.deep.equal(manifest);
      expect((await layout.manifest('old'))?.descriptor).to.deep.equal(old.manifest);
    });

    it('and leaves alone what it does not know in index.json', async () => {
      const other = { mediaType, digest: digestOf(Buffer.from('x')), size: 1, artifactType: 'application/x' };
      const index = { schemaVersion: 2, manifests: [other], annotations: { 'com.example': 'kept' } };
      writeFileSync(path('layout', 'index.json'), JSON.stringify(index));
      await writeSmallImage(layout, ['1']);
      const written = JSON.parse(readFileSync(path('layout', 'index.json'), 'utf8')) as typeof index;
      expect(written).to.deep.include({ schemaVersion: 2, annotations: { 'com.example': 'kept' } });
      expect(written.manifests[0]).to.deep.equal(other);
      expect(written.manifests).to.have.length(2);
    });

    it('from several processes at once, and loses none', async () => {
      const script = join(import.meta.dirname, '..', 'support', 'write-tagged-images.js');
      const names = ['a', 'b', 'c'].map((process) => Array.from({ length: 12 }, (_, index) => `${process}${index}`));
      const processes = names.map((own) =>
        spawn(process.execPath, [script, path('layout'), ...own], { stdio: 'inherit' }),
      );
      const codes = await Promise.all(processes.map(async (child) => (await once(child, 'exit'))[0] as unknown));
      expect(codes).to.deep.equal([0, 0, 0]);
      expect((await tags()).toSorted()).to.deep.equal(names.flat().toSorted());
      expect(readdirSync(path('layout')).toSorted()).to.deep.equal(['blobs', 'index.json', 'oci-layout']);
    }).timeout(30_000);
  });

  describe('writes a blob', () => {
    const descriptor = { mediaType, digest: digestOf(Buffer.from('content')), size: 7 };

    it('whose digest is known only in the end', async () => {
      expect(await layout.streamBlob(mediaType, chunks('con', 'tent'))).to.deep.equal(descriptor);
      expect(await layout.hasBlob(descriptor)).to.equal(true);
      expect(await layout.mountBlob()).to.equal(false);
    });

    it('once', async () => {
      await layout.writeBlob(descriptor, () => chunks('content'));
      await layout.writeBlob(descriptor, () => {
        throw new Error('It is there already.');
      });
    });

    it('again where it is not whole', async () => {
      writeFileSync(blobPath(descriptor.digest), 'con');
      expect(await layout.hasBlob(descriptor)).to.equal(false);
      await layout.writeBlob(descriptor, () => chunks('content'));
      expect((await contentOf(layout, descriptor)).toString()).to.equal('content');
    });

    for (const [what, ...content] of [
      ['too short', 'cont'],
      ['too long', 'content', 's'],
      ['another of the same size', 'CONTENT'],
    ]) {
      it(`or nothing, where the content is ${what}`, async () => {
        const error = await rejectionOf(layout.writeBlob(descriptor, () => chunks(...content)));
        expect(error).to.include({ code: 'CONTENT_MISMATCH' });
        expect(error.reason).to.contain(descriptor.digest);
        expect(blobFiles()).to.deep.equal([]);
      });
    }

    it('or nothing, where the content fails, and says what the content said', async () => {
      const failing = async function* (): AsyncGenerator<Buffer> {
        yield await Promise.resolve(Buffer.from('con'));
        throw new Error('The source is gone.');
      };
      const outcome = await layout.writeBlob(descriptor, failing).catch((error: unknown) => error);
      expect(outcome).to.include({ message: 'The source is gone.' });
      expect(blobFiles()).to.deep.equal([]);
    });

    it('or nothing, where it is cancelled', async () => {
      const controller = new AbortController();
      const options: ContentOptions = { signal: controller.signal };
      const endless = async function* (): AsyncGenerator<Buffer> {
        for (;;) {
          yield await Promise.resolve(Buffer.from('more'));
          controller.abort(new Error('enough'));
        }
      };
      const outcome = await layout.streamBlob(mediaType, endless(), options).catch((error: unknown) => error);
      expect(outcome).to.include({ message: 'enough' });
      expect(blobFiles()).to.deep.equal([]);
    });

    it('whose digest leads nowhere else', async () => {
      const elsewhere = {
        mediaType,
        digest: 'sha256:../../index.json',
        size: readFileSync(path('layout', 'index.json')).length,
      };
      expect(await rejectionOf(layout.hasBlob(elsewhere))).to.include({ code: 'LAYOUT_INVALID' });
      expect(await rejectionOf(contentOf(layout, elsewhere))).to.include({ code: 'LAYOUT_INVALID' });
    });

    it('unless the disk does not let it', async () => {
      chmodSync(path('layout', 'blobs'), 0o500);
      const error = await asOrdinaryUser(path('.'), () => rejectionOf(layout.streamBlob(mediaType, chunks('content'))));
      chmodSync(path('layout', 'blobs'), 0o700);
      expect(error).to.include({ code: 'LAYOUT_UNWRITABLE' });
    });
  });

  describe('refuses', () => {
    it('a folder that does not exist', async () => {
      const error = await rejectionOf(OciLayout.open(path('nowhere')));
      expect(error).to.include({ code: 'LAYOUT_NOT_FOUND' });
      expect(error.message).to.contain(path('nowhere'));
    });

    const digest = digestOf(Buffer.from(''));
    for (const [what, file, content, reason] of [
      ['a folder without oci-layout', 'oci-layout', undefined, /no file oci-layout/],
      ['an oci-layout that is not JSON', 'oci-layout', 'hello', /names no imageLayoutVersion/],
      ['a version from the future', 'oci-layout', '{"imageLayoutVersion":"2.0.0"}', /version '2.0.0'/],
      ['a layout without index.json', 'index.json', undefined, /no file index.json/],
      ['an index.json that is not JSON', 'index.json', '{"schema', /not JSON/],
      ['an index.json of another schema', 'index.json', '{"schemaVersion":1}', /schemaVersion 2/],
      ['an index.json without a list', 'index.json', '{"schemaVersion":2}', /no list of descriptors/],
      [
        'a descriptor that leads out of the layout',
        'index.json',
        JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType, digest: 'sha256:../../../x', size: 1 }] }),
        /not valid/,
      ],
      [
        'a descriptor of a size that is none',
        'index.json',
        JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType, digest, size: -1 }] }),
        /not valid/,
      ],
    ] as const) {
      it(what, async () => {
        if (content === undefined) rmSync(path('layout', file));
        else writeFileSync(path('layout', file), content);
        const error = await rejectionOf(OciLayout.open(path('layout')));
        expect(error).to.include({ code: 'LAYOUT_INVALID' });
        expect(error.message).to.contain(path('layout'));
        expect(error.reason).to.match(reason);
      });
    }

    it('to write tags into an index.json that is broken', async () => {
      writeFileSync(path('layout', 'index.json'), 'broken');
      expect(await rejectionOf(writeSmallImage(layout, ['1']))).to.include({ code: 'LAYOUT_INVALID' });
      expect(readFileSync(path('layout', 'index.json'), 'utf8')).to.equal('broken');
      expect(existsSync(path('layout', 'index.json.lock'))).to.equal(false);
    });

    it('to choose among several images of one tag', async () => {
      const [one, two] = [await writeSmallImage(layout, ['1'], ['one']), await writeSmallImage(layout, ['2'], ['two'])];
      const manifests = [one, two].map(({ manifest }) => ({ ...manifest, annotations: { [referenceName]: '1' } }));
      put(path('layout'), 'index.json', toBytes({ schemaVersion: 2, manifests }));
      const error = await rejectionOf(layout.manifest('1'));
      expect(error).to.include({ code: 'LAYOUT_INVALID' });
      expect(error.reason).to.contain('several images');
      expect((await layout.manifest(two.manifest.digest))?.descriptor).to.deep.equal(two.manifest);
    });

    for (const [what, change, reason] of [
      ['missing', undefined, /is missing/],
      ['cut', (bytes: Buffer) => bytes.subarray(1), /ends after \d+ of \d+ bytes/],
      ['grown', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from(' ')]), /is longer than \d+ bytes/],
      ['changed', altered, /is the content of/],
    ] as const) {
      it(`a blob or manifest that is ${what}`, async () => {
        const { manifest, layers } = await writeSmallImage(layout, ['1']);
        const layer = layers[0] ?? manifest;
        for (const { digest } of [manifest, layer]) {
          const bytes = readFileSync(blobPath(digest));
          if (change === undefined) rmSync(blobPath(digest));
          else writeFileSync(blobPath(digest), change(bytes));
        }
        for (const read of [() => layout.manifest('1'), () => contentOf(layout, layer)]) {
          const error = await rejectionOf(read());
          expect(error).to.include({ code: 'LAYOUT_INVALID' });
          expect(error.reason).to.contain('sha256:').and.match(reason);
        }
      });
    }

    it('a manifest of endless length', async () => {
      const long = toBytes({ schemaVersion: 2, manifests: [], more: 'x'.repeat(4 * 1024 * 1024) });
      const { digest } = await layout.writeManifest('application/vnd.oci.image.index.v1+json', long, ['1']);
      for (const reference of ['1', digest]) {
        expect(await rejectionOf(layout.manifest(reference))).to.include({ code: 'LAYOUT_INVALID' });
      }
    });

    it('to write tags where the disk does not let it', async () => {
      const { manifest } = await writeSmallImage(layout, ['1']);
      const { bytes } = (await layout.manifest('1')) ?? { bytes: Buffer.alloc(0) };
      chmodSync(path('layout'), 0o500);
      const writing = (): Promise<unknown> => rejectionOf(layout.writeManifest(manifest.mediaType, bytes, ['2']));
      const error = await asOrdinaryUser(path('.'), writing);
      chmodSync(path('layout'), 0o700);
      expect(error).to.include({ code: 'LAYOUT_UNWRITABLE' });
      expect(await tags()).to.deep.equal(['1']);
    });

    it('a layer where a manifest is asked for', async () => {
      const { layers } = await writeSmallImage(layout, ['1']);
      const error = await rejectionOf(layout.manifest(layers[0]?.digest ?? ''));
      expect(error).to.include({ code: 'LAYOUT_INVALID' });
      expect(error.reason).to.contain('neither the manifest of an image nor an index');
    });
  });

  it('reads what skopeo wrote', async () => {
    unpack(fixture('skopeo-oci-layout.tar'), path('skopeo'));
    const opened = await OciLayout.open(path('skopeo'));
    const manifest = await opened.manifest('1');
    expect(manifest?.descriptor.digest).to.equal(
      'sha256:7fcb02359caa56d91b7effc833ce25f77f985587bc5a652e43b4743ba67d9b45',
    );
    const [layer] = parseImageManifest(manifest?.bytes ?? Buffer.alloc(0))?.layers ?? [];
    expect(layer && (await layerText(opened, layer))).to.contain('hello.txt');
  });
});

describe('a manifest', () => {
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'0'.repeat(64)}`, size: 2 };

  it('may say null of layers that there are none of, as programs in Go write it', () => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: null }));
    expect(parseImageManifest(bytes)?.layers).to.deep.equal([]);
    expect(parseImageManifest(Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: {} })))).to.equal(
      undefined,
    );
  });
});

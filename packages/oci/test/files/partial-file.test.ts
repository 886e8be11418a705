import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  DockerArchive,
  ImageReference,
  OciLayout,
  resolveImage,
  writeDockerArchive,
  type ContentSource,
} from '@slipway/oci';
import { expect } from 'chai';

import { killedWriter, runningWriter } from '../support/killed-writer.js';
import { layerText, writeSmallImage } from '../support/small-image.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const names = [ImageReference.parse('demo/hello:1')];
const large = join(import.meta.dirname, '..', 'support', 'write-large-image.js');

describe('What was being written', function () {
  // Processes have to start, and to end.
  this.timeout(20_000);
  const path = temporaryFolder();
  let layout: OciLayout;

  beforeEach(async () => {
    layout = await OciLayout.create(path('layout'));
    await writeSmallImage(layout, ['1'], ['one']);
  });

  /** Files that are not whole, wherever they lie. */
  function parts(): string[] {
    return readdirSync(path(), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.part'));
  }

  async function expectWhole(): Promise<void> {
    expect(await layerTexts(await OciLayout.open(path('layout')), '1')).to.deep.equal(['one']);
  }

  async function layerTexts(source: ContentSource, reference: string): Promise<string[]> {
    const { layers } = (await resolveImage(source, reference))?.image ?? { layers: [] };
    return Promise.all(layers.map((layer) => layerText(source, layer)));
  }

  function withRoomFor(kilobytes: number, ...script: readonly string[]): { code?: string; reason?: string } {
    const limited = ['-c', `ulimit -f ${kilobytes} && exec "$@"`, 'bash', process.execPath, ...script];
    return JSON.parse(execFileSync('bash', limited, { encoding: 'utf8' }) || '{}') as { code?: string };
  }

  it('when the process was killed is gone from the layout when the next one writes, and never was in its way', async () => {
    for (let kills = 0; kills < 2; kills += 1) {
      await killedWriter(path('layout'));
      expect(parts()).to.have.length(1);
      await expectWhole();
    }
    // As it is where the kill came a moment earlier.
    const [left = ''] = parts();
    copyFileSync(path(left), path('layout', `oci-layout${basename(left)}`));
    const next = await OciLayout.create(path('layout'));
    expect(parts()).to.deep.equal([]);
    await writeSmallImage(next, ['2'], ['two']);
    await expectWhole();
  });

  it('stays while its writer lives', async () => {
    const writer = await runningWriter(path('layout'));
    try {
      const before = parts();
      await writeSmallImage(await OciLayout.create(path('layout')), ['2'], ['two']);
      expect(parts()).to.deep.equal(before).and.have.length(1);
    } finally {
      await writer.kill();
    }
  });

  it('where nobody can tell whether its writer lives goes when it was left for a day', async () => {
    const part = (name: string): string => path('layout', 'blobs', `.${name}.part`);
    const hour = 60 * 60;
    for (const [name, hours] of [
      ['1.2.elsewhere.new', 1],
      ['1.2.elsewhere.old', 25],
    ] as const) {
      writeFileSync(part(name), 'half');
      const then = Date.now() / 1000 - hours * hour;
      utimesSync(part(name), then, then);
    }
    await OciLayout.create(path('layout'));
    expect(parts()).to.deep.equal([join('layout', 'blobs', '.1.2.elsewhere.new.part')]);
  });

  it('when the process was killed is gone from beside the archive when it is written again', async () => {
    await killedWriter(path('layout'), path('a.tar'));
    await killedWriter(path('layout'), path('other.tar'));
    writeFileSync(path('a.tar.part'), 'of somebody else');
    expect(readdirSync(path())).to.include('a.tar.part').and.have.length(4);
    await writeDockerArchive(path('a.tar'), { source: layout, reference: '1', names });
    expect(readdirSync(path()).filter((name) => name.startsWith('a.tar'))).to.have.members(['a.tar', 'a.tar.part']);
    expect(parts().filter((name) => name.startsWith('other.tar.'))).to.have.length(1);
    expect((await DockerArchive.open(path('a.tar'))).descriptors()).to.have.length(1);
  });

  it('when there was no more room leaves the layout as it was, and says so', async () => {
    const [index, blobs] = [
      readFileSync(path('layout', 'index.json'), 'utf8'),
      readdirSync(path('layout', 'blobs', 'sha256')),
    ];
    const error = withRoomFor(1024, large, path('layout'));
    expect(error).to.include({ code: 'LAYOUT_UNWRITABLE' });
    expect(error.reason).to.contain('file too large');
    expect(readFileSync(path('layout', 'index.json'), 'utf8')).to.equal(index);
    expect(readdirSync(path('layout', 'blobs', 'sha256'))).to.deep.equal(blobs);
    expect(parts()).to.deep.equal([]);
    await expectWhole();
  });

  it('when there was no more room leaves the archive that was there, and says so', async () => {
    expect(withRoomFor(100_000, large, path('layout'))).to.deep.equal({});
    await writeDockerArchive(path('a.tar'), { source: layout, reference: '1', names });
    const before = readFileSync(path('a.tar'));
    expect(withRoomFor(1024, large, path('layout'), path('a.tar'))).to.include({ code: 'ARCHIVE_UNWRITABLE' });
    expect(readFileSync(path('a.tar')).equals(before)).to.equal(true);
    expect(parts()).to.deep.equal([]);
  });

  it('by two at once into one archive is one of the two', async () => {
    await writeSmallImage(layout, ['2'], ['two']);
    await Promise.all(
      ['1', '2'].map((reference) => writeDockerArchive(path('a.tar'), { source: layout, reference, names })),
    );
    const written = await layerTexts(await DockerArchive.open(path('a.tar')), 'demo/hello:1');
    expect([['one'], ['two']]).to.deep.include(written);
    expect(parts()).to.deep.equal([]);
  });
});

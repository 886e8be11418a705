import { execFileSync } from 'node:child_process';
import {
  DockerArchive,
  ImageReference,
  OciLayout,
  resolveImage,
  writeDockerArchive,
  type ContentSource,
} from '@slipway/oci';
import { expect } from 'chai';

import { layerText, writeSmallImage, writeSmallIndex } from '../support/small-image.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const contents = ['one', 'two', 'one'];

/** Undefined where there is no skopeo. */
function skopeo(...args: readonly string[]): string | undefined {
  try {
    return execFileSync('skopeo', args, { encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function layerTexts(source: ContentSource, reference: string): Promise<string[]> {
  const { layers } = (await resolveImage(source, reference))?.image ?? { layers: [] };
  return Promise.all(layers.map((layer) => layerText(source, layer)));
}

describe('With skopeo', () => {
  const path = temporaryFolder();
  let ours: string;
  let layout: OciLayout;

  before(function () {
    if (skopeo('--version') === undefined) this.skip();
  });
  beforeEach(async () => {
    ours = `oci:${path('ours')}`;
    layout = await OciLayout.create(path('ours'));
    await writeSmallImage(layout, ['1'], contents);
  });

  it('a layout of ours is read, digest for digest', async () => {
    await writeSmallIndex(layout, 'all', ['linux/amd64', 'linux/arm/v7', 'unknown/unknown']);
    skopeo('copy', '--quiet', `${ours}:1`, `oci:${path('theirs')}:1`);
    skopeo('copy', '--quiet', '--all', `${ours}:all`, `oci:${path('theirs')}:all`);
    const theirs = await OciLayout.open(path('theirs'));
    for (const tag of ['1', 'all']) expect(await theirs.manifest(tag)).to.deep.equal(await layout.manifest(tag));
    expect(await layerTexts(theirs, '1')).to.deep.equal(contents);
  });

  it('a layout of ours is written to, and by us again', async () => {
    skopeo('copy', '--quiet', `${ours}:1`, `${ours}:theirs`);
    await writeSmallImage(await OciLayout.create(path('ours')), ['2'], ['three']);
    expect(JSON.parse(skopeo('inspect', `${ours}:2`) ?? '')).to.include({ Os: 'linux' });
    expect(await layerTexts(layout, 'theirs')).to.deep.equal(contents);
  });

  it('an archive of ours is read, by each of its names', async () => {
    const names = ['demo/hello:1', 'reg.example.com/hello'].map((name) => ImageReference.parse(name));
    await writeDockerArchive(path('ours.tar'), { source: layout, reference: '1', names });
    for (const name of ['demo/hello:1', 'reg.example.com/hello:latest']) {
      skopeo('copy', '--quiet', `docker-archive:${path('ours.tar')}:${name}`, `oci:${path('theirs')}:1`);
      expect(await layerTexts(await OciLayout.open(path('theirs')), '1')).to.deep.equal(contents);
    }
  });

  it('an archive of ours without a name is read', async () => {
    await writeDockerArchive(path('ours.tar'), { source: layout, reference: '1', names: [] });
    skopeo('copy', '--quiet', `docker-archive:${path('ours.tar')}`, `oci:${path('theirs')}:1`);
    expect(await layerTexts(await OciLayout.open(path('theirs')), '1')).to.deep.equal(contents);
  });

  it('an archive is written that we read', async () => {
    skopeo('copy', '--quiet', `${ours}:1`, `docker-archive:${path('theirs.tar')}:demo/hello:1`);
    expect(await layerTexts(await DockerArchive.open(path('theirs.tar')), 'demo/hello:1')).to.deep.equal(contents);
  });
});

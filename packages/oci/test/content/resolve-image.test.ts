import { OciLayout, parseImageManifest, resolveImage, type Platform } from '@slipway/oci';
import { expect } from 'chai';

import { rejectionOf } from '../support/refusal-of.js';
import { layerText, toBytes, writeSmallImage, writeSmallIndex } from '../support/small-image.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function platformOf(name: string): Platform {
  const [os = '', architecture = '', variant] = name.split('/');
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

describe('resolveImage', () => {
  const path = temporaryFolder();
  let layout: OciLayout;

  beforeEach(async () => {
    layout = await OciLayout.create(path('layout'));
  });

  /** The platform that the chosen image was made for. */
  async function chosen(wanted: string): Promise<string> {
    const found = await resolveImage(layout, 'all', { platform: platformOf(wanted) });
    const [layer] = found?.image.layers ?? [];
    return layer === undefined ? 'none' : (await layerText(layout, layer)).replace('for ', '');
  }

  for (const [wanted, offered, taken] of [
    ['linux/arm/v7', 'linux/arm/v6', 'linux/arm/v6'],
    ['linux/arm/v7', 'linux/arm/v5 linux/arm/v6', 'linux/arm/v6'],
    ['linux/arm/v7', 'linux/arm/v6 linux/arm/v8 linux/arm/v7', 'linux/arm/v7'],
    ['linux/arm/v7', 'linux/arm/v6 linux/arm', 'linux/arm'],
    ['linux/arm', 'linux/arm/v5 linux/arm/v7', 'linux/arm/v7'],
    ['linux/arm', 'linux/arm64 linux/arm/v6', 'linux/arm/v6'],
    ['linux/arm64', 'linux/arm/v8 linux/arm64/v8', 'linux/arm64/v8'],
    ['linux/arm64/v8', 'linux/arm64', 'linux/arm64'],
    ['linux/arm64/v8.2', 'linux/arm64 linux/arm64/v8.1 linux/arm64/v8.3', 'linux/arm64/v8.1'],
    ['linux/arm64/v9', 'linux/arm64/v8 linux/arm64/v8.5 linux/arm64/v8.6', 'linux/arm64/v8.5'],
    ['linux/amd64', 'linux/amd64/v3 linux/amd64', 'linux/amd64'],
    ['linux/amd64', 'linux/amd64/v1', 'linux/amd64/v1'],
    ['linux/amd64/v3', 'linux/amd64 linux/amd64/v2 linux/amd64/v4', 'linux/amd64/v2'],
    ['linux/ppc64le/power9', 'linux/ppc64le/power8 linux/ppc64le/power9', 'linux/ppc64le/power9'],
    ['windows/amd64', 'linux/amd64 windows/amd64', 'windows/amd64'],
    ['linux/arm64', 'linux/x86_64 linux/aarch64', 'linux/aarch64'],
    ['linux/x86_64', 'linux/arm64 linux/amd64', 'linux/amd64'],
  ] as const) {
    it(`takes ${taken} of ${offered.replaceAll(' ', ', ')} for ${wanted}`, async () => {
      await writeSmallIndex(layout, 'all', offered.split(' '));
      expect(await chosen(wanted)).to.equal(taken);
    });
  }

  for (const [wanted, offered] of [
    ['linux/arm/v6', 'linux/arm/v7'],
    ['linux/arm/v6', 'linux/arm'],
    ['linux/arm', 'linux/arm/v8'],
    ['linux/arm64', 'linux/arm/v7'],
    ['linux/arm64', 'linux/arm64/v8.1'],
    ['linux/arm64/v9', 'linux/arm64/v8.6'],
    ['linux/amd64', 'linux/386'],
    ['linux/amd64', 'linux/amd64/v2'],
    ['linux/ppc64le/power9', 'linux/ppc64le/power8'],
    ['linux/amd64', 'windows/amd64'],
  ] as const) {
    it(`does not take ${offered} for ${wanted}`, async () => {
      await writeSmallIndex(layout, 'all', [offered]);
      const error = await rejectionOf(chosen(wanted));
      expect(error).to.include({ code: 'PLATFORM_NOT_FOUND', message: `'all' has no image for ${wanted}.` });
      expect(error.reason).to.equal(`It has: ${offered}.`);
    });
  }

  it('needs no platform where there is one image, whatever is attested of it', async () => {
    await writeSmallIndex(layout, 'all', ['linux/s390x', 'unknown/unknown']);
    const found = await resolveImage(layout, 'all');
    expect(found?.manifest.bytes).to.deep.equal(
      (await resolveImage(layout, 'all', { platform: platformOf('linux/s390x') }))?.manifest.bytes,
    );
  });

  it('takes what is in no index as it is', async () => {
    const { manifest } = await writeSmallImage(layout, ['1'], ['a layer'], platformOf('linux/arm/v5'));
    const found = await resolveImage(layout, '1', { platform: platformOf('linux/amd64') });
    expect(found?.manifest.descriptor).to.deep.equal(manifest);
    expect(found?.image).to.deep.equal(parseImageManifest(found?.manifest.bytes ?? Buffer.alloc(0)));
    expect(await resolveImage(layout, 'none')).to.equal(undefined);
  });

  it('refuses what is no image', async () => {
    const type = 'application/vnd.example.thing+json';
    await layout.writeManifest(type, toBytes({ schemaVersion: 2, thing: true }), ['1']);
    const error = await rejectionOf(resolveImage(layout, '1'));
    expect(error).to.include({ code: 'MANIFEST_UNSUPPORTED', reason: `Its media type is ${type}.` });
  });
});

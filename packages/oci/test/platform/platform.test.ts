import { formatPlatform, normalizePlatform, parsePlatform, parsePlatforms, type Platform } from '@slipway/oci';
import { expect } from 'chai';
import fc from 'fast-check';
import { refusalOf } from '../support/refusal-of.js';

function meaning(text: string): string {
  return formatPlatform(parsePlatform(text));
}

function refused(text: string): { message: string; reason?: string; fix?: string } {
  const error = refusalOf(() => parsePlatform(text));
  expect(error).to.include({ code: 'INVALID_PLATFORM', exitCode: 2, message: `'${text}' is not a platform.` });
  return error;
}

describe('A platform', () => {
  describe('is what containerd takes it for', () => {
    const meanings: Readonly<Record<string, string>> = {
      'linux/amd64': 'linux/amd64',
      'linux/x86_64': 'linux/amd64',
      'linux/x86-64': 'linux/amd64',
      'linux/amd64/v1': 'linux/amd64',
      'linux/amd64/v3': 'linux/amd64/v3',
      'linux/i386': 'linux/386',
      'linux/arm64': 'linux/arm64',
      'linux/aarch64': 'linux/arm64',
      'linux/arm64/v8': 'linux/arm64',
      'linux/arm64/8': 'linux/arm64',
      'linux/arm64/v9': 'linux/arm64/v9',
      'linux/arm': 'linux/arm/v7',
      'linux/arm/7': 'linux/arm/v7',
      'linux/arm/v6': 'linux/arm/v6',
      'linux/armhf': 'linux/arm/v7',
      'linux/armel': 'linux/arm/v6',
      'linux/ppc64': 'linux/ppc64',
      'linux/ppc64le': 'linux/ppc64le',
      'linux/mips64le/softfloat': 'linux/mips64le/softfloat',
      'windows/amd64': 'windows/amd64',
      'macos/aarch64': 'darwin/arm64',
      'Linux/AMD64': 'linux/amd64',
      arm64: 'linux/arm64',
      aarch64: 'linux/arm64',
      armhf: 'linux/arm/v7',
      'arm64/v8': 'linux/arm64',
      'arm/v6': 'linux/arm/v6',
      ' linux/arm64 ': 'linux/arm64',
    };
    for (const [text, platform] of Object.entries(meanings)) {
      it(`${platform} where it is written '${text}'`, () => expect(meaning(text)).to.equal(platform));
    }

    it('of this machine, where only the operating system is written', () => {
      expect(parsePlatform('linux').os).to.equal('linux');
      expect(meaning('linux')).to.equal(meaning(meaning('linux')));
      expect(parsePlatform('windows').architecture).to.equal(parsePlatform('linux').architecture);
    });
  });

  it('has the variant that is written, also after a name that means another', () => {
    expect(meaning('linux/armhf/v6')).to.equal('linux/arm/v6');
  });

  describe('that Go does not have is refused', () => {
    const meant: Readonly<Record<string, string>> = {
      'linux/amd46': 'linux/amd64',
      'linx/amd64': 'linux/amd64',
      'linux/amd': 'linux/amd64',
      'linux/aarch46': 'linux/arm64',
      'linux/armv7': 'linux/arm/v7',
      'linux/armv6': 'linux/arm/v6',
      'linux/arm64v8': 'linux/arm64',
      'linux/arm64/v7': 'linux/arm64',
      'linux/arm/v9': 'linux/arm/v7',
      amd46: 'linux/amd64',
      'amr/v6': 'linux/arm/v6',
    };
    for (const [text, platform] of Object.entries(meant)) {
      it(`'${text}' with ${platform}, which is near`, () => {
        expect(refused(text).fix).to.equal(`Did you mean ${platform}?`);
      });
    }

    it("by the part that does not exist, Node's names among them", () => {
      expect(refused('linux/foo').reason).to.equal("There is no architecture 'foo'.");
      expect(refused('linux/x64').reason).to.equal("There is no architecture 'x64'.");
      expect(refused('beos/amd64').reason).to.equal("There is no operating system 'beos'.");
      expect(refused('linux/arm64/v7').reason).to.match(/^Variants of arm64 are v8, v9, /);
      expect(refused('linux/s390x/z13').reason).to.equal('Variants of s390x are none.');
    });

    for (const text of [
      '',
      '/',
      'linux/',
      '/amd64',
      'linux/amd64/',
      'linux//v7',
      'linux/arm/v7/x',
      'a b',
      'foo',
      'linux/foo',
    ]) {
      it(`'${text}' with examples, as nothing is near`, () => {
        expect(refused(text).fix).to.match(/^Write OS\/ARCHITECTURE/);
      });
    }

    it('also under the names that every object has', () => {
      for (const text of ['linux/constructor', '__proto__/amd64', 'linux/arm/toString']) refused(text);
    });
  });

  it('is one of several once, however it is written', () => {
    const platforms = parsePlatforms(['linux/arm64', 'linux/x86_64', 'aarch64', 'linux/amd64', 'linux/arm64/v8']);
    expect(platforms.map(formatPlatform)).to.deep.equal(['linux/arm64', 'linux/amd64']);
  });

  it('that an image names is kept where nobody knows it, with the version of its operating system', () => {
    expect(normalizePlatform({ os: 'unknown', architecture: 'unknown' })).to.deep.equal({
      os: 'unknown',
      architecture: 'unknown',
    });
    const windows = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348' };
    expect(normalizePlatform(windows)).to.deep.equal(windows);
    expect(normalizePlatform({} as Platform)).to.deep.equal({ os: '', architecture: '' });
    expect(formatPlatform({ os: 'linux', architecture: 'amd64', variant: '' })).to.equal('linux/amd64');
  });

  describe('for any text', () => {
    const part = fc.constantFrom(
      ...['linux', 'Windows', 'macos', 'amd64', 'x86_64', 'aarch64', 'arm64', 'ARM', 'armhf', 'armel', '386', 'i386'],
      ...['ppc64', 'ppc64le', 's390x', 'v1', 'v5', 'v7', 'v8', '6', '8', 'v8.2', 'softfloat', ''],
    );
    const text = fc.oneof(
      fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/')),
      fc.string({ unit: fc.constantFrom(...'armd64v78/_-') }),
      fc.string(),
    );

    it('is read as what is written of it, or refused', () => {
      let read = 0;
      fc.assert(
        fc.property(text, (some) => {
          let platform;
          try {
            platform = parsePlatform(some);
          } catch (error) {
            expect(error).to.include({ code: 'INVALID_PLATFORM' });
            return;
          }
          read += 1;
          expect(parsePlatform(formatPlatform(platform))).to.deep.equal(platform);
          expect(normalizePlatform(platform)).to.deep.equal(platform);
        }),
        { numRuns: 1000 },
      );
      expect(read).to.be.greaterThan(20);
    });

    it('is suggested only where it can be read', () => {
      fc.assert(
        fc.property(text, (some) => {
          try {
            parsePlatform(some);
          } catch (error) {
            const [, near] = /^Did you mean (.*)\?$/.exec((error as { fix: string }).fix) ?? [];
            if (near !== undefined) expect(meaning(near)).to.equal(near);
          }
        }),
      );
    });
  });
});

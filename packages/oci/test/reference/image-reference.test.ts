import { expect } from 'chai';
import fc from 'fast-check';

import { ImageReference } from '@slipway/oci';

import { refusalOf } from '../support/refusal-of.js';
import { distributionAnswers } from './distribution-answers.js';

const hex = 'a1'.repeat(32);

function refused(text: string): { code: string; message: string; reason?: string; fix?: string; exitCode: number } {
  return refusalOf(() => ImageReference.parse(text));
}

describe('ImageReference', () => {
  describe("answers as the distribution project's library", () => {
    for (const [text, answer] of distributionAnswers) {
      const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text;
      it(`${answer === undefined ? 'refuses' : 'reads'} '${shown}'`, () => {
        if (answer === undefined) {
          expect(refused(text)).to.include({ code: 'INVALID_REFERENCE', exitCode: 2 });
          return;
        }
        const { registry, repository, tag, digest } = ImageReference.parse(text);
        expect([registry, repository, tag ?? '', digest ?? '']).to.deep.equal(answer);
      });
    }

    it('but refuses a host with an underscore, which the library takes for a repository of no registry', () => {
      expect(refused('my_host.example.com/hello')).to.include({
        reason: "'my_host.example.com' is not the host of a registry: '_' at character 3.",
      });
    });
  });

  describe('reads again what it writes', () => {
    const component = fc.stringMatching(/^[a-z0-9]{1,8}([._]|__|-{1,3})?[a-z0-9]{1,8}$/);
    const host = fc.oneof(
      fc.constantFrom('docker.io', 'index.docker.io', 'localhost', '[fd00::1]:5000', '198.18.0.1:5000'),
      fc.domain(),
      fc.tuple(fc.domain(), fc.nat(65535)).map(([name, port]) => `${name}:${port}`),
    );
    const parts = fc.record({
      registry: host,
      repository: fc.array(component, { minLength: 1, maxLength: 4 }).map((components) => components.join('/')),
      tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/), { nil: undefined }),
      digest: fc.option(fc.constantFrom(`sha256:${hex}`, `sha512:${hex}${hex}`), { nil: undefined }),
    });

    it('for whatever parts it is made of', () => {
      fc.assert(
        fc.property(parts, (some) => {
          const reference = ImageReference.of(some);
          expect(ImageReference.parse(reference.toString())).to.deep.equal(reference);
        }),
      );
    });

    it('or refuses it, for any text', () => {
      const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'aA0._-/:@[]') }));
      fc.assert(
        fc.property(text, (some) => {
          let reference: ImageReference;
          try {
            reference = ImageReference.parse(some);
          } catch (error) {
            expect(error).to.include({ code: 'INVALID_REFERENCE' });
            return;
          }
          expect(ImageReference.parse(reference.toString())).to.deep.equal(reference);
        }),
      );
    });
  });

  describe('says what is wrong, where, and what to write', () => {
    const complaints: readonly (readonly [text: string, reason: string, fix?: string])[] = [
      ['acme/Hello:Rc1', "The repository has upper case ('H' at character 6).", "Write 'acme/hello:Rc1'."],
      ['reg.io/acme/Hello', "The repository has upper case ('H' at character 13).", "Write 'reg.io/acme/hello'."],
      ['https://reg.io/a', "A reference has no scheme ('https://').", "Write 'reg.io/a'."],
      ['hello world', 'There is a space or control character at character 6.'],
      ['acme/he+llo', "The repository has a character that is not allowed ('+' at character 8)."],
      ['hello:a+b', "The tag 'a+b' is not allowed ('+' at character 8)."],
      ['a:5000/a:.b', "The tag '.b' is not allowed ('.' at character 10)."],
      ['hello:', 'The tag after the colon is missing.', "Write a tag, such as ':1', or no colon."],
      ['reg.io/', 'The name of the repository is missing.'],
      ['acme//hello', "The repository 'acme//hello' has an empty component.", 'Leave out the superfluous slash.'],
      [`a@sha256:${hex.slice(2)}`, 'A digest of sha256 has 64 hexadecimal digits in lower case; it has 62.'],
      [`a@sha256:${hex.toUpperCase()}`, 'A digest of sha256 has 64 hexadecimal digits in lower case.'],
    ];
    for (const [text, reason, fix] of complaints) {
      it(`for '${text.slice(0, 40)}'`, () => {
        const error = refused(text);
        expect(error).to.include({ message: `'${text}' is not an image reference.`, reason });
        if (fix !== undefined) expect(error.fix).to.equal(fix);
      });
    }
  });

  it('keeps the tag beside the digest it is pinned to', () => {
    const pinned = ImageReference.parse('198.18.0.1:5000/demo/hello:1').withDigest(`sha256:${hex}`);
    expect(pinned.toString()).to.equal(`198.18.0.1:5000/demo/hello:1@sha256:${hex}`);
    expect(pinned.name).to.equal('198.18.0.1:5000/demo/hello');
  });

  it('refuses parts that would be read as something else', () => {
    expect(() => ImageReference.of({ registry: 'registry', repository: 'hello' })).to.throw("'registry/hello' is not");
    expect(() => ImageReference.parse('hello').withTag('1@2')).to.throw("'docker.io/library/hello:1@2' is not");
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { UsageError } from '../../src/errors/slipway-error.js';
import { readIgnoreFile } from '../../src/context/ignore-file.js';
import { IgnoreMatcher } from '../../src/context/ignore-matcher.js';
import { dockerAnswers, dockerReadings } from './docker-answers.js';

describe('an ignore file', () => {
  for (const [text, patterns] of dockerReadings) {
    it(`${JSON.stringify(text)} holds the patterns ${JSON.stringify(patterns)}`, () => {
      expect(readIgnoreFile(text)).to.deep.equal(patterns);
    });
  }
});

describe('IgnoreMatcher', () => {
  describe('answers as Docker does', () => {
    for (const [patterns, path, answer] of dockerAnswers) {
      it(`${JSON.stringify(patterns)}: ${JSON.stringify(path)} is ${answer}`, () => {
        const ask = (): boolean => new IgnoreMatcher(patterns).ignores(path);
        if (answer === 'invalid') {
          expect(ask).to.throw(UsageError).with.property('code', 'DOCKERIGNORE_PATTERN_INVALID');
        } else {
          expect(ask()).to.equal(answer === 'ignored');
        }
      });
    }
  });

  it('names the pattern that is not valid', () => {
    expect(() => new IgnoreMatcher(['a', '[b'])).to.throw("'[b'");
  });

  it('never says that nothing can be kept below a directory where something is', () => {
    const segment = fc.constantFrom('a', 'b', 'ab', '*', '**', '?', 'a*', '**a', 'a**', '[ab]', 'a|b', '{2}');
    const pattern = fc
      .tuple(fc.boolean(), fc.array(segment, { minLength: 1, maxLength: 4 }))
      .map(([exception, segments]) => (exception ? '!' : '') + segments.join('/'));
    const path = fc.array(fc.constantFrom('a', 'b', 'ab', 'aa'), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), path, (patterns, names) => {
        const matcher = compiled(patterns);
        if (matcher === undefined || matcher.ignores(names.join('/'))) return;
        let match = matcher.match(names[0] ?? '');
        for (let depth = 1; depth < names.length; depth++) {
          const directory = names.slice(0, depth).join('/');
          if (depth > 1) match = matcher.match(directory, match);
          if (match.ignored) expect(matcher.mayKeepBelow(directory, match)).to.equal(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('need not look into a directory that no exception reaches', () => {
    const patterns = ['*', '!src/lib', '!docs/*.md', '!**/x', 'node_modules'];
    const matcher = new IgnoreMatcher(patterns);
    const looksInto = (path: string): boolean => matcher.mayKeepBelow(path, matcher.match(path));
    expect(looksInto('node_modules')).to.equal(false); // the last word on it
    const withoutAnywhere = new IgnoreMatcher(patterns.filter((pattern) => pattern !== '!**/x'));
    const looks = (path: string): boolean => withoutAnywhere.mayKeepBelow(path, withoutAnywhere.match(path));
    expect(['src', 'docs', 'test', 'docs/a', 'source'].map(looks)).to.deep.equal([true, true, false, false, false]);
  });
});

/** Undefined where a pattern is not valid. */
function compiled(patterns: readonly string[]): IgnoreMatcher | undefined {
  try {
    return new IgnoreMatcher(patterns);
  } catch {
    return undefined;
  }
}

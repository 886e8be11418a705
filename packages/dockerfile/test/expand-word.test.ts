import { expect } from 'chai';
import fc from 'fast-check';
import { expandWord, expandWords, ExpansionError } from '../src/expand-word.js';

const variables: Record<string, string> = {
  A: 'value',
  EMPTY: '',
  PATHS: '/a/b/c.tar.gz',
  SPACED: 'x  y',
  STAR: 'a*b',
};
const lookup = (name: string) => (Object.hasOwn(variables, name) ? variables[name] : undefined);
const expand = (word: string) => expandWord(word, lookup, { escape: '\\' });

const table: [string, string][] = [
  ['plain', 'plain'],
  ['$A ${A} $A.x ${A}x $Ax', 'value value value.x valuex '],
  ['$UNSET|$EMPTY', '|'],
  ['$', '$'],
  ['a$ b$/', 'a$ b$/'],
  ['\\$A \\\\ \\a', '$A \\ a'],
  ["'$A \\'", '$A \\'],
  ['"$A \\$A \\" \\a \'"', 'value $A " \\a \''],
  ['a"b"\'c\'', 'abc'],
  ['end\\', 'end'],
  ['${A:-d} ${EMPTY:-d} ${UNSET:-d}', 'value d d'],
  ['${A-d} ${EMPTY-d} ${UNSET-d}', 'value  d'],
  ['${A:+d} ${EMPTY:+d} ${UNSET:+d}', 'd  '],
  ['${A+d} ${EMPTY+d} ${UNSET+d}', 'd d '],
  ['${A:?e} ${A?e} ${EMPTY?e}', 'value value '],
  ['${UNSET:-${EMPTY:-$A}}', 'value'],
  ['${UNSET:-"a}b"}', 'a}b'],
  ['${UNSET:-a\\}b}', 'a}b'],
  ['${UNSET:-a b}', 'a b'],
  ['${PATHS#*/}', 'a/b/c.tar.gz'],
  ['${PATHS##*/}', 'c.tar.gz'],
  ['${PATHS%.*}', '/a/b/c.tar'],
  ['${PATHS%%.*}', '/a/b/c'],
  ['${PATHS%nothing}', '/a/b/c.tar.gz'],
  ['${PATHS#?a}', '/b/c.tar.gz'],
  ['${STAR%\\*b}', 'a'],
  ['${PATHS/\\//_}', '_a/b/c.tar.gz'],
  ['${PATHS//\\//_}', '_a_b_c.tar.gz'],
  ['${PATHS/b*./$A-}', '/a/value-gz'],
  ['${PATHS//[./]/x}', '/a/b/c.tar.gz'],
  ['${A/v/$&}', '$&alue'],
  ['$1 $10x ${1:-one}', ' x one'],
  ['é$A😀', 'évalue😀'],
  ['$SPACED', 'x  y'],
];

const wrong = [
  '${A',
  '${',
  '${}',
  '${:-a}',
  '${A!}',
  '${A:=b}',
  '"a',
  "'a",
  '${UNSET?}',
  '${EMPTY:?}',
  '${A/b}',
  '${A#\\x}',
  '${UNSET:-"}',
];

describe('Expansion', () => {
  for (const [word, result] of table) {
    it(`makes ${JSON.stringify(word)} to ${JSON.stringify(result)}`, () => {
      expect(expand(word)).to.equal(result);
    });
  }

  for (const word of wrong) {
    it(`refuses ${word}`, () => {
      expect(() => expand(word)).to.throw(ExpansionError);
    });
  }

  it('says what the Dockerfile says of a variable that must be set', () => {
    expect(() => expand('${UNSET:?give it}')).to.throw(ExpansionError, 'UNSET: give it');
  });

  it('escapes with the backtick where the Dockerfile says so', () => {
    expect(expandWord('c:\\x\\`$A "`$A"', lookup, { escape: '`' })).to.equal('c:\\x\\$A $A');
  });

  it('leaves quotes alone in the content of a heredoc', () => {
    const options = { escape: '\\', literalQuotes: true } as const;
    expect(expandWord(`"$A" 'it' \\$A`, lookup, options)).to.equal(`"value" 'it' $A`);
  });

  it('splits words at spaces that are neither quoted nor escaped', () => {
    const words = expandWords('a $SPACED "b c" d\\ e ${UNSET} 8${UNSET:-0}', lookup, { escape: '\\' });
    expect(words).to.deep.equal(['a', 'x', 'y', 'b c', 'd e', '80']);
  });

  it('gives back any text that was put in single quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(expand(`'${text.replaceAll("'", `'"'"'`)}'`)).to.equal(text);
      }),
    );
  });

  it('cuts the same prefix and suffix as a plain search would', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab.]{0,12}$/), fc.stringMatching(/^[ab.]{1,2}$/), (value, part) => {
        const options = { escape: '\\' } as const;
        const cut = (operator: string) => expandWord(`\${V${operator}}`, () => value, options);
        const first = value.indexOf(part);
        const last = value.lastIndexOf(part);
        expect(cut(`#*${part}`)).to.equal(first < 0 ? value : value.slice(first + part.length));
        expect(cut(`##*${part}`)).to.equal(last < 0 ? value : value.slice(last + part.length));
        expect(cut(`%${part}*`)).to.equal(last < 0 ? value : value.slice(0, last));
        expect(cut(`%%${part}*`)).to.equal(first < 0 ? value : value.slice(0, first));
        expect(cut(`//${part}/X`)).to.equal(value.replaceAll(part, 'X'));
      }),
    );
  });

  it('ends on every text, with a result or an ExpansionError', () => {
    const unit = fc.constantFrom('$', '{', '}', 'A', ':', '-', '/', '#', '%', '*', '\\', '"', "'", ' ', '?');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (word) => {
        try {
          expand(word);
        } catch (error) {
          expect(error).to.be.instanceOf(ExpansionError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

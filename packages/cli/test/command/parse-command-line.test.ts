import { expect } from 'chai';
import { parseCommandLine } from '../../src/command/parse-command-line.js';
import { failure } from '../support/failure.js';
import { attributesCommand, sampleCommand, sampleFlavor } from '../support/sample-command.js';

const parse = (...args: readonly string[]) => parseCommandLine(sampleCommand, args, () => Promise.resolve([]));
const parseAttributes = (...args: readonly string[]) =>
  parseCommandLine(attributesCommand, ['-f', 'sample', ...args], () => Promise.resolve([sampleFlavor]));

describe('A command line', () => {
  it('has words by position, and options anywhere', async () => {
    const { arguments: words, options } = await parse(
      '-t',
      'a',
      'it',
      '--flavor=b',
      'x',
      '--dry-run',
      'y',
      '-tc',
      '-t=d',
    );
    expect(words).to.deep.equal({ name: 'it', more: ['x', 'y'] });
    expect(options).to.deep.equal({ tag: ['a', 'c', 'd'], flavor: 'b', 'dry-run': true });
  });

  it('has flags that are false and lists that are empty where nothing is written', async () => {
    expect((await parse('it')).options).to.deep.equal({ tag: [], 'dry-run': false });
  });

  it('may write options with underscores', async () => {
    expect((await parse('it', '--dry_run')).options).to.include({ 'dry-run': true });
  });

  it('may write flags with a boolean word', async () => {
    expect((await parse('it', '--dry-run=False')).options).to.include({ 'dry-run': false });
    expect((await failure(() => parse('it', '--dry-run=perhaps'))).code).to.equal('INVALID_OPTION');
  });

  for (const [word, value] of [
    ['--cache', true],
    ['--no-cache', false],
    ['--no_cache', false],
    ['--cache=false', false],
    ['--no-cache=false', true],
  ] as const) {
    it(`has ${value} for a flag with two forms: ${word}`, async () => {
      expect((await parse('it', word)).options).to.include({ cache: value });
      expect((await parse('it')).options).to.not.have.property('cache');
    });
  }

  it('takes the last of the two forms, and suggests either', async () => {
    expect((await parse('it', '--cache', '--no-cache')).options).to.include({ cache: false });
    expect((await failure(() => parse('it', '--no-cahce'))).reason).to.equal("Did you mean '--no-cache'?");
  });

  it('has nothing but words after --', async () => {
    expect((await parse('it', '--', '-t', '--help')).arguments).to.deep.equal({ name: 'it', more: ['-t', '--help'] });
  });

  it('keeps values as they are written', async () => {
    expect((await parse('007', '-t', '1.10', '-t', '1e3', '-t', 'a.b=c')).options['tag']).to.deep.equal([
      '1.10',
      '1e3',
      'a.b=c',
    ]);
  });

  const wrong: readonly [args: readonly string[], code: string, text: string][] = [
    [[], 'MISSING_ARGUMENT', "'slipway sample make' needs NAME."],
    [['it', '--tagg=a'], 'UNKNOWN_OPTION', "'--tagg'"],
    [['it', '-q'], 'UNKNOWN_OPTION', "'-q'"],
    [['it', '--tag'], 'MISSING_VALUE', "'--tag'"],
    [['it', '--tag', '--dry-run'], 'MISSING_VALUE', "'--tag'"],
    [['it', '--flavor=a', '-f', 'b'], 'REPEATED_OPTION', "'--flavor'"],
  ];
  for (const [args, code, text] of wrong) {
    it(`is refused with ${code}: ${args.join(' ')}`, async () => {
      const error = await failure(() => parse(...args));
      expect(error).to.include({ code, exitCode: 2 });
      expect(error.message).to.include(text);
    });
  }
});

describe('A command line with attributes', () => {
  it('has them beside its words', async () => {
    const { arguments: words, attributes } = await parseAttributes('--path=a', 'it', '--read-only');
    expect(words).to.deep.equal({ name: 'it' });
    expect(attributes).to.deep.equal({ path: 'a', read_only: 'true' });
  });

  it('gives a bare boolean the next word only where that is a boolean word', async () => {
    expect(await parseAttributes('--read_only', 'no', 'it')).to.deep.include({ attributes: { read_only: 'no' } });
    expect(await parseAttributes('--read_only', 'constructor')).to.deep.include({
      arguments: { name: 'constructor' },
      attributes: { read_only: 'true' },
    });
  });

  it('leaves unknown attributes with a value to their flavor', async () => {
    expect((await parseAttributes('it', '--else.where=a', '--__proto__=b')).attributes).to.have.all.keys(
      'else.where',
      '__proto__',
    );
  });

  it('does not repeat a word too many, which may be half a password', async () => {
    const error = await failure(() => parseAttributes('it', '--path', 'half', 'otherhalf'));
    expect(error.code).to.equal('UNEXPECTED_ARGUMENT');
    expect(JSON.stringify(error)).not.to.include('otherhalf');
  });

  it('takes a misspelt option for what it is', async () => {
    const error = await failure(() =>
      parseCommandLine(attributesCommand, ['it', '--flavr=sample'], () => Promise.resolve([sampleFlavor])),
    );
    expect(error).to.include({ code: 'UNKNOWN_OPTION', reason: "Did you mean '--flavor'?" });
  });

  it('names the nearest attribute of several flavors', async () => {
    const two = [sampleFlavor, { ...sampleFlavor, name: 'other' }];
    const error = await failure(() =>
      parseCommandLine(attributesCommand, ['it', '-f', 'sample', '--pathh'], () => Promise.resolve(two)),
    );
    expect(error).to.include({ code: 'UNKNOWN_ATTRIBUTE', reason: "Did you mean 'path'?" });
  });
});

import { expect } from 'chai';
import { UsageError } from '@slipway/core';
import { errorFields, errorReport, errorText } from '../../src/output/error-report.js';
import { humanDuration, humanRate, humanSize } from '../../src/output/quantities.js';
import { shownValue } from '../../src/output/words.js';

describe('Quantities', () => {
  const sizes: readonly [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_960, '1.0 MB'],
    [12_345_678, '12.3 MB'],
    [2e9, '2.0 GB'],
  ];
  for (const [bytes, text] of sizes)
    it(`shows ${bytes} bytes as ${text}`, () => expect(humanSize(bytes)).to.equal(text));

  const durations: readonly [number, string][] = [
    [0, '0.0 s'],
    [449, '0.4 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min 0 s'],
    [125_000, '2 min 5 s'],
  ];
  for (const [milliseconds, text] of durations) {
    it(`shows ${milliseconds} ms as ${text}`, () => expect(humanDuration(milliseconds)).to.equal(text));
  }

  it('shows a rate where time has passed', () => {
    expect(humanRate(5_000_000, 500)).to.equal('10.0 MB/s');
    expect(humanRate(5, 0)).to.equal('');
  });
});

describe('A value', () => {
  it('is shown in one line', () => {
    expect([undefined, 'text', ['a'], true, 3].map(shownValue)).to.deep.equal(['-', 'text', '["a"]', 'true', '3']);
    expect(shownValue('first\nsecond\nthird\n')).to.equal('first … (3 lines)');
  });
});

describe('An error', () => {
  const error = new UsageError({ code: 'A_CODE', message: 'What.', reason: 'Why.', fix: 'first\nsecond' });

  it('says what, why, what to do and its code', () => {
    expect(errorText(errorReport(error, false))).to.equal('Error: What.\nWhy.\nFix: first\n     second\nCode: A_CODE');
  });

  it('leaves out what it does not know', () => {
    const short = new UsageError({ code: 'A_CODE', message: 'What.' });
    expect(errorText(errorReport(short, false))).to.equal('Error: What.\nCode: A_CODE');
    expect(JSON.parse(JSON.stringify(errorFields(errorReport(short, false))))).to.deep.equal({
      code: 'A_CODE',
      message: 'What.',
      exit_code: 2,
    });
  });

  it('never has the stack of what is no bug, nor control sequences', () => {
    const described = errorReport(new UsageError({ code: 'A', message: 'W\u001b[31mhat' }), true);
    expect(described.stack).to.equal(undefined);
    expect(errorText(described)).to.equal('Error: What\nCode: A');
  });

  it('of ours says that it is a bug, and has its stack only where it was asked for', () => {
    const bug = new TypeError('x is undefined');
    const plain = errorText(errorReport(bug, false));
    expect(plain).to.include('bug').and.to.include('x is undefined').and.to.include('SLIPWAY_DEBUG=1');
    expect(plain).to.match(/\nCode: INTERNAL_ERROR$/);
    expect(errorText(errorReport(bug, true))).to.match(/\n +at /);
    expect(errorReport(bug, false).exitCode).to.equal(1);
  });
});

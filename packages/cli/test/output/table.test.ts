import { expect } from 'chai';
import stringWidth from 'string-width';
import { measureFor } from '../../src/output/display-width.js';
import { table } from '../../src/output/table.js';

describe('A table', () => {
  it('has columns as wide as their widest cell and no spaces at the end', () => {
    expect(
      table([
        ['A', 'LONG', 'C'],
        ['long', 'b', ''],
        ['', '', 'c'],
      ]),
    ).to.equal('A     LONG  C\nlong  b\n            c');
  });

  it('keeps its columns straight beside wide characters and emoji', async () => {
    const rows = [
      ['名前', 'x'],
      ['👩‍👩‍👧', 'y'],
      ['é', 'z'],
    ];
    const measure = await measureFor(rows.flat());
    expect(
      table(rows, { measure })
        .split('\n')
        .map((line) => stringWidth(line.slice(0, -1))),
    ).to.deep.equal([6, 6, 6]);
  });

  describe('of a width', () => {
    const rows = [
      ['NAME', 'STACKS', 'ABOUT'],
      ['short', 'a, b, c', 'Builds images inside a Kubernetes cluster with Kaniko'],
      ['a-rather-long-name-of-a-thing', 'd', 'x'],
    ];

    it('never has a longer row, and takes from the widest columns first', () => {
      for (let width = 12; width < 100; width += 1) {
        const lines = table(rows, { width }).split('\n');
        expect(lines).to.have.length(3);
        expect(Math.max(...lines.map((line) => line.length))).to.be.at.most(width);
      }
      expect(table(rows, { width: 40 })).to.equal(
        [
          'NAME             STACKS   ABOUT',
          'short            a, b, c  Builds images…',
          'a-rather-long-…  d        x',
        ].join('\n'),
      );
    });

    it('is the same as without where everything fits', () => {
      expect(table(rows, { width: 200 })).to.equal(table(rows));
    });

    it('cuts wide characters by columns and never in half', async () => {
      const measure = await measureFor(['日本語']);
      expect(table([['日本語日本語', 'b']], { width: 9, measure })).to.equal('日本…   b');
    });

    it('folds its last column where nothing shall be lost', () => {
      expect(table([['  -o', 'How to print the things that there are.']], { width: 30, fit: 'fold' })).to.equal(
        '  -o  How to print the things\n      that there are.',
      );
    });
  });
});

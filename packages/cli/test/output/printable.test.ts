import { expect } from 'chai';
import { printable } from '../../src/output/printable.js';

const cases: readonly [title: string, text: string, shown: string][] = [
  ['keeps text, tabs and other alphabets', 'a\tb\nä 漢 🙂', 'a\tb\nä 漢 🙂'],
  ['takes colours away', '\u001b[1;31mred\u001b[0m', 'red'],
  ['takes hidden text out of hiding', '\u001b[8mhidden\u001b[28m', 'hidden'],
  ['takes away what moves the cursor', 'a\u001b[2K\u001b[1Ab\u001b7c\u001b[?25l', 'abc'],
  ['takes titles away', '\u001b]0;title\u0007a\u001b]2;title\u001b\\b', 'ab'],
  ['takes links away and keeps their text', '\u001b]8;;http://a\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['keeps what follows a title that does not end', '\u001b]0;all the rest', '0;all the rest'],
  ['takes eight-bit sequences away', 'a\u009b31mb\u009d0;t\u009cc', 'abc'],
  ['takes bells and backspaces away', 'a\u0007\u0008b\u0000', 'ab'],
  ['takes away what reorders text', 'a\u202eb\u2066c', 'abc'],
  ['makes lines of what a carriage return would overwrite', '10%\r20%\r30%\r', '10%\n20%\n30%'],
  ['takes line ends of Windows for line ends', 'a\r\nb\r\n', 'a\nb\n'],
];

describe('Text of others, made printable,', () => {
  for (const [title, text, shown] of cases) {
    it(title, () => expect(printable(text)).to.equal(shown));
  }

  it('takes no time that grows with the square of its length', function () {
    this.timeout(2_000);
    expect(printable('\u001b]'.repeat(200_000))).to.equal('');
    expect(printable('\u001b['.repeat(200_000) + '9'.repeat(200_000))).to.be.a('string');
  });
});

import { SlipwayError } from '@slipway/core';
import { expect } from 'chai';
import { readDockerfile } from '../src/read-dockerfile.js';

/** The instructions of the only stage. */
function instructions(...lines: string[]) {
  return readDockerfile(['FROM scratch', ...lines, ''].join('\n')).stages[0]?.instructions ?? [];
}

function refusal(text: string): string {
  try {
    readDockerfile(text);
  } catch (error) {
    if (!SlipwayError.is(error) || error.exitCode !== 2) throw error;
    return `${error.code} ${error.message} ${error.fix}`;
  }
  throw new Error('was read');
}

const files = { inlineFiles: [], link: false, exclude: [] };
const copy = { kind: 'COPY', line: 2, ...files, parents: false };

describe('A Dockerfile', () => {
  it('is global arguments, stages and their instructions, each with its line', () => {
    const text =
      '# hello\n\nARG V=1\nfrom --platform=$P alpine:$V as Base\nUSER me\n\nFROM scratch\nEXPOSE 80 81/udp\n';
    expect(readDockerfile(text)).to.deep.equal({
      escape: '\\',
      globalArguments: [{ kind: 'ARG', line: 3, parameters: [{ name: 'V', value: '1' }] }],
      stages: [
        {
          name: 'base',
          line: 4,
          base: 'alpine:$V',
          platform: '$P',
          instructions: [{ kind: 'USER', line: 5, user: 'me' }],
        },
        { line: 7, base: 'scratch', instructions: [{ kind: 'EXPOSE', line: 8, ports: ['80', '81/udp'] }] },
      ],
      warnings: [],
    });
  });

  it('notes the syntax directive and heeds the escape directive', () => {
    const text =
      '# syntax=docker/dockerfile:1\n# Escape = `\n# check=skip=all\nFROM scratch\nENV A=1 `\n  B=2\nWORKDIR c:\\x\\\nUSER a\n';
    const { syntax, escape, stages } = readDockerfile(text);
    expect({ syntax, escape }).to.deep.equal({ syntax: 'docker/dockerfile:1', escape: '`' });
    expect(stages[0]?.instructions.map(({ kind, line }) => [kind, line])).to.deep.equal([
      ['ENV', 5],
      ['WORKDIR', 7],
      ['USER', 8],
    ]);
  });

  it('takes a directive behind any other line for a comment', () => {
    expect(readDockerfile('# first\n# escape=`\nFROM scratch').escape).to.equal('\\');
    expect(readDockerfile('\n# escape=`\nFROM scratch').escape).to.equal('\\');
  });

  const joined: [string, string, string][] = [
    ['a plain one', 'USER a\\\nb', 'ab'],
    ['with white space behind the escape', 'USER a\\ \t\nb', 'ab'],
    ['with the white space before the next line kept', 'USER a\\\n  b', 'a  b'],
    ['with a comment between', 'USER a\\\n  # USER x \\\nb', 'ab'],
    ['with an empty line between', 'USER a\\\n\n \nb', 'ab'],
    ['that cuts a name in two', 'US\\\nER ab', 'ab'],
    ['at the end of the file', 'USER ab\\', 'ab'],
    ['with line ends of Windows', 'USER a\\\r\nb\r', 'ab'],
    ['which an escaped escape is not', 'USER ab\\\\', 'ab\\\\'],
  ];
  for (const [what, text, user] of joined) {
    it(`joins a continuation: ${what}`, () => {
      expect(instructions(text)).to.deep.equal([{ kind: 'USER', line: 2, user }]);
    });
  }

  it('warns of an empty line within a continuation', () => {
    expect(readDockerfile('FROM scratch\nENV A=1 \\\n\n B=2').warnings.map(({ line }) => line)).to.deep.equal([2]);
  });

  it('may begin with a byte order mark', () => {
    expect(readDockerfile('\uFEFFFROM scratch').stages).to.have.length(1);
  });

  const pairs: [string, [string, string][]][] = [
    [
      'ENV A=1 B=2',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    [
      'ENV A="a b" B=\'c d\'',
      [
        ['A', '"a b"'],
        ['B', "'c d'"],
      ],
    ],
    [
      'ENV A=a\\ b B=',
      [
        ['A', 'a\\ b'],
        ['B', ''],
      ],
    ],
    [
      'ENV A="x\\" y" B=p"q r"s',
      [
        ['A', '"x\\" y"'],
        ['B', 'p"q r"s'],
      ],
    ],
    ['ENV A b  c=d "e"', [['A', 'b  c=d "e"']]],
    ['ENV A=b=c', [['A', 'b=c']]],
    [
      "ENV A='it\\' B=2",
      [
        ['A', "'it\\'"],
        ['B', '2'],
      ],
    ],
  ];
  for (const [text, expected] of pairs) {
    it(`keeps quotes for later: ${text}`, () => {
      const values = expected.map(([name, value]) => ({ name, value }));
      expect(instructions(text)).to.deep.equal([{ kind: 'ENV', line: 2, pairs: values }]);
    });
  }

  it('reads a label whose name is quoted', () => {
    expect(instructions('LABEL "a b"=c')).to.deep.equal([
      { kind: 'LABEL', line: 2, pairs: [{ name: '"a b"', value: 'c' }] },
    ]);
  });

  it('reads the JSON form, spaces and all, and takes what is no JSON for the shell form', () => {
    expect(instructions('COPY ["a b", "c\\u0020d", "/e f/"]')).to.deep.equal([
      { ...copy, sources: ['a b', 'c d'], destination: '/e f/' },
    ]);
    expect(instructions('CMD [ "a", "b" ]', 'CMD ["a", \'b\']', 'ENTRYPOINT []', 'CMD a  b')).to.deep.equal([
      { kind: 'CMD', line: 2, command: { form: 'exec', words: ['a', 'b'] } },
      { kind: 'CMD', line: 3, command: { form: 'shell', words: ['["a", \'b\']'] } },
      { kind: 'ENTRYPOINT', line: 4, command: { form: 'exec', words: [] } },
      { kind: 'CMD', line: 5, command: { form: 'shell', words: ['a  b'] } },
    ]);
  });

  it('reads the flags of COPY and ADD', () => {
    expect(
      instructions('COPY --from=b --chown="1:2" --chmod=755 --link --parents --exclude=*.o --exclude=x a b /c/'),
    ).to.deep.equal([
      {
        ...copy,
        from: 'b',
        chown: '1:2',
        chmod: '755',
        link: true,
        parents: true,
        exclude: ['*.o', 'x'],
        sources: ['a', 'b'],
        destination: '/c/',
      },
    ]);
    expect(instructions('ADD --checksum=sha256:1 --keep-git-dir --unpack=false --link=FALSE -- --a /c')).to.deep.equal([
      {
        kind: 'ADD',
        line: 2,
        ...files,
        checksum: 'sha256:1',
        keepGitDirectory: true,
        unpack: false,
        sources: ['--a'],
        destination: '/c',
      },
    ]);
  });

  describe('with heredocs', () => {
    it('takes their content, and goes on behind them', () => {
      const read = instructions('COPY <<A <<-"B" x /to/', 'RUN no', '\\', 'A', '\t\tone $X', '\tB', 'USER u');
      expect(read).to.deep.equal([
        {
          ...copy,
          sources: ['x'],
          inlineFiles: [
            { name: 'A', content: 'RUN no\n\\\n', expand: true },
            { name: 'B', content: 'one $X\n', expand: false },
          ],
          destination: '/to/',
        },
        { kind: 'USER', line: 8, user: 'u' },
      ]);
    });

    it('end at the bare mark alone, before which only <<- allows tabs', () => {
      const [read] = instructions('COPY <<-E /x', ' E', 'E ', '\tE');
      expect(read).to.deep.include({ inlineFiles: [{ name: 'E', content: ' E\nE \n', expand: true }] });
    });

    it('keeps the line ends of Windows, and finds the end mark before one', () => {
      const [read] =
        readDockerfile('FROM scratch\r\nCOPY <<E /x\r\na\r\nE\r\nUSER u\r\n').stages[0]?.instructions ?? [];
      expect(read).to.deep.include({ inlineFiles: [{ name: 'E', content: 'a\r\n', expand: true }] });
    });

    it('announced on a continued line begin behind it', () => {
      expect(instructions('COPY <<E \\', ' /x', 'a', 'E')[0]).to.deep.include({
        inlineFiles: [{ name: 'E', content: 'a\n', expand: true }],
        destination: '/x',
      });
    });

    it('go with ONBUILD into its text', () => {
      expect(instructions('ONBUILD COPY <<E /x', 'a', 'E')).to.deep.equal([
        { kind: 'ONBUILD', line: 2, expression: 'COPY <<E /x\na\nE' },
      ]);
    });

    it('are none in other instructions, nor in the JSON form', () => {
      expect(instructions('ENV A=<<E', 'CMD cat <<E', 'COPY ["<<E", "/x"]')).to.have.length(3);
    });

    it('of RUN are not read as instructions', () => {
      expect(instructions('RUN <<E', 'COPY', 'E', 'USER u').map(({ kind }) => kind)).to.deep.equal(['RUN', 'USER']);
    });
  });

  it('reads the times of a health check in nanoseconds; zero is the default and left out', () => {
    const read = instructions(
      'HEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=0 --retries=3 CMD ["x"]',
      'HEALTHCHECK none',
      'HEALTHCHECK CMD a b',
    );
    expect(read.map((one) => (one.kind === 'HEALTHCHECK' ? one.healthCheck : one))).to.deep.equal([
      { Test: ['CMD', 'x'], Interval: 90_000_000_000, Timeout: 1_500_000_000, Retries: 3 },
      { Test: ['NONE'] },
      { Test: ['CMD-SHELL', 'a b'] },
    ]);
  });

  const mistakes: [string, RegExp][] = [
    ['', /has no FROM/],
    ['# nothing\n', /has no FROM/],
    ['ENV A=1', /line 1: ENV stands before the first FROM/],
    ['FROM a b', /line 1: FROM a b cannot be read/],
    ['FROM a AS 1b', /'1b' cannot be the name/],
    ['FROM scratch\nCOPPY a b', /line 2: 'COPPY' is no instruction. .*'COPY'/],
    ['FROM scratch\n\nCOPY a', /line 3: COPY needs a source and a destination/],
    ['FROM scratch\nCOPY --form=a b c', /line 2: COPY has no flag '--form'. .*'--from'/],
    ['FROM scratch\nUSER --x a', /USER has no flag '--x'. Remove it/],
    ['FROM scratch\nCOPY --__proto__=a b c', /no flag '--__proto__'/],
    ['FROM scratch\nCOPY --chown=a --chown=b c d', /'--chown' stands twice/],
    ['FROM scratch\nCOPY --link=yes a b', /'--link=yes' cannot be read.* --link=true/],
    ['FROM scratch\nCOPY --chown a b', /'--chown' cannot be read.* --chown=VALUE/],
    ['FROM scratch\nCOPY --from=$X a b', /has a variable/],
    ['FROM scratch\nCOPY a <<E\nE', /heredoc as its destination/],
    ['FROM scratch\nCOPY <<E /x\na', /line 2: the heredoc 'E' has no end/],
    ['FROM scratch\nCOPY << E /x\nE', /'<< E' has a space/],
    ['FROM scratch\nCOPY <<"A B" /x\nA B', /has a space/],
    ['FROM scratch\nENV A', /ENV A has no value.* ENV A=value/],
    ['FROM scratch\nENV', /ENV has nothing after it/],
    ['FROM scratch\nENV A=a b', /'b' has no =.*quote/],
    ['FROM scratch\nLABEL =b', /'=b' has no name/],
    ['FROM scratch\nCMD ["a", 1]', /no text/],
    ['FROM scratch\nSHELL /bin/sh', /JSON form alone/],
    ['FROM scratch\nVOLUME []', /VOLUME has no path/],
    ['FROM scratch\nONBUILD FROM a', /ONBUILD cannot trigger FROM/],
    ['FROM scratch\nONBUILD ONBUILD CMD a', /ONBUILD cannot trigger ONBUILD/],
    ['FROM scratch\nONBUILD COPY a', /COPY needs a source/],
    ['FROM scratch\nHEALTHCHECK NONE x', /NONE has something after it/],
    ['FROM scratch\nHEALTHCHECK x', /'x' where CMD or NONE belongs/],
    ['FROM scratch\nHEALTHCHECK --interval=1 CMD x', /--interval=1 is no time/],
    ['FROM scratch\nHEALTHCHECK --timeout=1us CMD x', /--timeout=1us is no time/],
    ['FROM scratch\nHEALTHCHECK --retries=-1 CMD x', /--retries=-1 is no count/],
    ['# escape=x\nFROM scratch', /line 1: 'x' cannot be the escape character/],
    ['# escape=`\n# escape=`\nFROM scratch', /line 2: the directive 'escape' stands here again/],
  ];
  for (const [text, expected] of mistakes) {
    it(`is refused: ${JSON.stringify(text)}`, () => {
      expect(refusal(text))
        .to.match(/^DOCKERFILE_SYNTAX /)
        .and.match(expected);
    });
  }
});

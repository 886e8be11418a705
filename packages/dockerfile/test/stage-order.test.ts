import { SlipwayError } from '@slipway/core';
import { expect } from 'chai';
import { globalArguments } from '../src/build-arguments.js';
import { readDockerfile } from '../src/read-dockerfile.js';
import { readTrigger } from '../src/read-trigger.js';
import { stageOrder } from '../src/stage-order.js';

function order(text: string, target?: string, buildArguments: Record<string, string> = {}) {
  const dockerfile = readDockerfile(text);
  const targetPlatform = { os: 'linux', architecture: 'arm', variant: 'v7' };
  return stageOrder(dockerfile, globalArguments(dockerfile, { buildArguments, targetPlatform }), target);
}

const bases = (...given: Parameters<typeof order>) => order(...given).map(({ base }) => base);
const indexes = (...given: Parameters<typeof order>) => order(...given).map(({ index }) => index);

function refusal(act: () => unknown): SlipwayError {
  try {
    act();
  } catch (error) {
    if (SlipwayError.is(error)) return error;
    throw error;
  }
  throw new Error('was accepted');
}

const three =
  'FROM a AS one\nFROM b AS Two\nCOPY --from=one x y\nFROM scratch\nCOPY --from=TWO x y\nCOPY --from=busybox x y';

describe('The order of stages', () => {
  it('is what the last stage needs, each before those that need it', () => {
    expect(indexes(three)).to.deep.equal([0, 1, 2]);
    expect(Object.fromEntries(order(three)[2]?.copySources ?? [])).to.deep.equal({
      TWO: { kind: 'stage', index: 1 },
      busybox: { kind: 'image', reference: 'busybox' },
    });
  });

  it('ends at the target, by name in any case or by number', () => {
    expect(indexes(three, 'tWo')).to.deep.equal([0, 1]);
    expect(indexes(three, '1')).to.deep.equal([0, 1]);
    expect(indexes(three, 'one')).to.deep.equal([0]);
  });

  it('leaves out what the target does not need', () => {
    expect(indexes('FROM a\nFROM b AS c\nFROM c')).to.deep.equal([1, 2]);
  });

  it('names the nearest stage where the target is unknown', () => {
    const error = refusal(() => order(three, 'ona'));
    expect(error.code).to.equal('UNKNOWN_TARGET');
    expect(error.fix).to.include("'one'");
    expect(refusal(() => order('FROM a\nFROM b', '2')).fix).to.include('0 to 1');
  });

  it('says of an image which earlier stage has nearly its name', () => {
    const text = 'FROM a AS builder\nFROM bulder AS buildr\nCOPY --from=bilder x y\nCOPY --from=builder:1 x y';
    expect(bases(text)).to.deep.equal([{ kind: 'image', reference: 'bulder', nearStage: 'builder' }]);
    expect([...(order(text)[0]?.copySources.values() ?? [])]).to.deep.equal([
      { kind: 'image', reference: 'bilder', nearStage: 'builder' },
      { kind: 'image', reference: 'builder:1' },
    ]);
  });

  it('takes FROM of an earlier stage for the stage, of a later one or itself for an image', () => {
    expect(bases('FROM alpine AS alpine\nFROM Alpine')).to.deep.equal([
      { kind: 'image', reference: 'alpine' },
      { kind: 'stage', index: 0 },
    ]);
    expect(bases('FROM later AS x\nFROM scratch AS later\nFROM x')).to.deep.equal([
      { kind: 'image', reference: 'later' },
      { kind: 'stage', index: 0 },
    ]);
    expect(bases('FROM a AS x\nFROM b AS x\nFROM x')).to.deep.equal([
      { kind: 'image', reference: 'b' },
      { kind: 'stage', index: 1 },
    ]);
  });

  it('expands FROM with global arguments, build arguments and the platform', () => {
    const text = 'ARG V=1\nARG I=img:${V}-$TARGETARCH\nFROM --platform=$BUILDPLATFORM ${I}';
    expect(bases(text)).to.deep.equal([{ kind: 'image', reference: 'img:1-arm' }]);
    expect(bases(text, undefined, { V: '2' })).to.deep.equal([{ kind: 'image', reference: 'img:2-arm' }]);
    expect(order(text)[0]?.platform).to.equal('linux/arm/v7');
    expect(bases('ARG B\nFROM ${B:-scratch}')).to.deep.equal([{ kind: 'scratch' }]);
  });

  it('does not let FROM see the ARG of a stage', () => {
    expect(refusal(() => order('FROM a\nARG B=b\nFROM $B')).message).to.match(/line 3: the base image '\$B' is empty/);
  });

  const wrong: [string, RegExp][] = [
    ['FROM a AS x\nCOPY --from=x a b', /line 2: COPY --from=x: that is this stage itself/],
    ['FROM a\nCOPY --from=0 a b', /line 2: COPY --from=0: that is this stage itself/],
    [
      'FROM a AS y\nCOPY --from=x a b\nFROM b AS x\nCOPY --from=y a b',
      /line 2: COPY --from=x: that stage begins later, in line 3/,
    ],
    ['FROM a\nFROM b\nCOPY --from=2 a b\nFROM c\nCOPY --from=1 a b', /line 3: COPY --from=2: that stage comes later/],
    ['FROM a\nFROM b\nCOPY --from=7 a b', /line 3: COPY --from=7: there is no such stage/],
    ['FROM a\nCOPY --from=-1 a b', /there is no such stage/],
  ];
  for (const [text, message] of wrong) {
    it(`is refused: ${JSON.stringify(text)}`, () => {
      const error = refusal(() => order(text));
      expect(error.code).to.equal('DOCKERFILE_SYNTAX');
      expect(error.message).to.match(message);
    });
  }

  it('lets a stage that is not needed have its RUN', () => {
    expect(indexes('FROM a AS test\nRUN test\nFROM b')).to.deep.equal([1]);
  });

  describe('The trigger of a base', () => {
    it('is an instruction in the line of FROM', () => {
      const instructions = ['COPY <<E /x\na\nE', 'env A=1 \\\n B=2'].map((text) => readTrigger(text, { line: 4 }));
      expect(instructions.map(({ kind, line }) => [kind, line])).to.deep.equal([
        ['COPY', 4],
        ['ENV', 4],
      ]);
    });

    for (const text of ['', '# nothing', 'FROM a', 'ENV A=1\nRUN make']) {
      it(`is refused where it is no single instruction: ${JSON.stringify(text)}`, () => {
        const { code, message } = refusal(() => readTrigger(text, { line: 4 }));
        expect(code).to.equal('DOCKERFILE_SYNTAX');
        expect(message).to.equal(`Dockerfile line 4: the base has ONBUILD '${text}', which is no single instruction.`);
      });
    }
  });
});

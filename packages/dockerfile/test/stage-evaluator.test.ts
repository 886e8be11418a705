import { SlipwayError } from '@slipway/core';
import type { ContainerConfig } from '@slipway/oci';
import { expect } from 'chai';
import { readTrigger } from '../src/read-trigger.js';
import { globalArguments, unusedBuildArguments } from '../src/build-arguments.js';
import { readDockerfile } from '../src/read-dockerfile.js';
import { StageEvaluator } from '../src/stage-evaluator.js';

interface Given {
  readonly buildArguments?: Record<string, string>;
  readonly baseConfig?: ContainerConfig;
  readonly baseArguments?: ReadonlyMap<string, string>;
}

/** Evaluates the last stage of the text. */
function evaluate(text: string, { buildArguments = {}, ...base }: Given = {}) {
  const dockerfile = readDockerfile(text);
  const globals = globalArguments(dockerfile, {
    buildArguments,
    targetPlatform: { os: 'linux', architecture: 'amd64' },
  });
  const evaluator = new StageEvaluator({ escape: dockerfile.escape, buildArguments, globals, ...base });
  const steps = (dockerfile.stages.at(-1)?.instructions ?? []).map((instruction) => evaluator.evaluate(instruction));
  return { evaluator, steps, config: evaluator.config, history: steps.map((step) => step.createdBy) };
}

const stage = (...lines: string[]) => ['FROM scratch', ...lines].join('\n');
const labels = (text: string, given?: Given) => evaluate(text, given).config.Labels;
const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function refusal(text: string): string {
  try {
    evaluate(text);
  } catch (error) {
    if (SlipwayError.is(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error('was accepted');
}

describe('A stage', () => {
  it('begins with the configuration of its base, less the triggers, and a PATH where there is none', () => {
    expect(evaluate(stage()).config).to.deep.equal({ Env: [path], WorkingDir: '/' });
    const baseConfig = { Env: ['PATH=/x', 'A=1'], User: 'u', OnBuild: ['CMD x'] };
    expect(evaluate(stage(), { baseConfig }).config).to.deep.equal({ Env: ['PATH=/x', 'A=1'], User: 'u' });
  });

  it('sets variables in their place, the values of a line by the variables before it', () => {
    const { config, history } = evaluate(
      stage('ENV A=1 B="x y"', 'ENV A=2 C=$A-${B}', 'ENV D old  form', "ENV E='$A'"),
    );
    expect(config.Env).to.deep.equal([path, 'A=2', 'B=x y', 'C=1-x y', 'D=old  form', 'E=$A']);
    expect(history).to.deep.equal(['ENV A=1 B=x y', 'ENV A=2 C=1-x y', 'ENV D=old  form', 'ENV E=$A']);
  });

  it('does not know a global ARG until it declares it', () => {
    expect(labels('ARG V=1\nFROM scratch\nLABEL a=$V\nARG V\nLABEL b=$V')).to.deep.equal({ a: '', b: '1' });
  });

  it('puts a build argument before the default of the stage, and that before the global value', () => {
    const text = 'ARG V=global\nFROM scratch\nARG V=stage\nARG W=$V-$U\nLABEL v=$V w=$W';
    expect(labels(text)).to.deep.equal({ v: 'stage', w: 'stage-' });
    expect(labels(text, { buildArguments: { V: '$given' } })).to.deep.equal({ v: '$given', w: '$given-' });
  });

  it('ignores a build argument that no ARG declares', () => {
    expect(
      labels(stage('LABEL v=$V p=$http_proxy c=$constructor'), { buildArguments: { V: '1', http_proxy: 'x' } }),
    ).to.deep.equal({ v: '', p: '', c: '' });
  });

  it('knows the platform behind a bare ARG alone', () => {
    const text = stage('LABEL a=$TARGETARCH', 'ARG TARGETARCH TARGETPLATFORM', 'LABEL b=$TARGETARCH,$TARGETPLATFORM');
    expect(labels(text)).to.deep.equal({ a: '', b: 'amd64,linux/amd64' });
  });

  it('lets a build argument replace what it knows of the platform', () => {
    const text = stage('ARG TARGETARCH', 'LABEL a=$TARGETARCH');
    expect(labels(text, { buildArguments: { TARGETARCH: 'x' } })).to.deep.equal({ a: 'x' });
    const global = 'ARG A=$TARGETARCH\nFROM scratch\nARG A\nLABEL a=$A';
    expect(labels(global, { buildArguments: { TARGETARCH: 'x' } })).to.deep.equal({ a: 'x' });
  });

  it('lets of an ENV and an ARG of one name the later win, and over those of the base both', () => {
    expect(labels(stage('ARG A=arg', 'ENV A=env', 'LABEL a=$A'))).to.deep.equal({ a: 'env' });
    expect(labels(stage('ENV A=env', 'ARG A=arg', 'LABEL a=$A'))).to.deep.equal({ a: 'arg' });
    expect(labels(stage('ENV A=env', 'ARG A', 'LABEL a=$A'))).to.deep.equal({ a: 'env' });
    const baseConfig = { Env: ['A=base'] };
    expect(labels(stage('LABEL a=$A'), { baseConfig, baseArguments: new Map([['A', 'arg']]) })).to.deep.equal({
      a: 'base',
    });
    expect(labels(stage('ARG A=arg', 'LABEL a=$A'), { baseConfig })).to.deep.equal({ a: 'arg' });
  });

  it('inherits the ARGs of the stage it is based on', () => {
    const { evaluator } = evaluate(stage('ARG A=1 B=$A'));
    expect(labels(stage('LABEL a=$A$B'), { baseArguments: evaluator.arguments })).to.deep.equal({ a: '11' });
  });

  it('merges labels, whatever their names', () => {
    const baseConfig = { Labels: { a: '0', z: '9' } };
    const { config } = evaluate(stage('LABEL "a b"=c a=1', 'LABEL __proto__=p'), { baseConfig });
    expect(Object.entries(config.Labels ?? {})).to.deep.equal([
      ['a', '1'],
      ['z', '9'],
      ['a b', 'c'],
      ['__proto__', 'p'],
    ]);
  });

  const directories: [string, string][] = [
    ['WORKDIR /a', '/a'],
    ['WORKDIR a\nWORKDIR b', '/a/b'],
    ['WORKDIR /a\nWORKDIR ../b/./c//', '/b/c'],
    ['ENV D=/x\nWORKDIR $D/y', '/x/y'],
    ['WORKDIR ../..', '/'],
  ];
  for (const [text, directory] of directories) {
    it(`works in ${directory} after ${JSON.stringify(text)}`, () => {
      const { config, history } = evaluate(stage(text));
      expect(config.WorkingDir).to.equal(directory);
      expect(history.at(-1)).to.equal(`WORKDIR ${directory}`);
    });
  }

  it('wraps the shell form with the shell that is set at that point', () => {
    const { config, history } = evaluate(stage('CMD a $A', 'SHELL ["/bin/bash", "-c"]', 'ENTRYPOINT b "c"'));
    expect(config.Cmd).to.deep.equal(['/bin/sh', '-c', 'a $A']);
    expect(config.Entrypoint).to.deep.equal(['/bin/bash', '-c', 'b "c"']);
    expect(history).to.deep.equal([
      'CMD ["/bin/sh" "-c" "a $A"]',
      'SHELL [/bin/bash -c]',
      'ENTRYPOINT ["/bin/bash" "-c" "b \\"c\\""]',
    ]);
  });

  it('drops the CMD of the base at an ENTRYPOINT, and keeps its own', () => {
    const baseConfig = { Cmd: ['base'], Entrypoint: ['e'] };
    expect(evaluate(stage('ENTRYPOINT ["x"]'), { baseConfig }).config).to.not.have.property('Cmd');
    expect(evaluate(stage('CMD ["own"]', 'ENTRYPOINT ["x"]'), { baseConfig }).config.Cmd).to.deep.equal(['own']);
    expect(evaluate(stage('ENTRYPOINT []'), { baseConfig }).config).to.not.have.any.keys('Cmd', 'Entrypoint');
    expect(evaluate(stage('CMD []'), { baseConfig }).config).to.deep.include({ Cmd: [], Entrypoint: ['e'] });
  });

  it('exposes ports, ranges and protocols', () => {
    const { config, history } = evaluate(stage('ARG P="80 81"', 'EXPOSE 8000-8002/UDP $P 127.0.0.1:90:91'));
    const ports = ['80/tcp', '81/tcp', '91/tcp', '8000/udp', '8001/udp', '8002/udp'];
    expect(config.ExposedPorts).to.have.all.keys(ports);
    // Docker sorts the words as they are written.
    expect(history.at(-1)).to.equal('EXPOSE [80/tcp 81/tcp 91/tcp 8000/udp 8001/udp 8002/udp]');
  });

  it('sets user, volumes, signal, health check and triggers; history as BuildKit writes it', () => {
    const { config, history } = evaluate(
      stage(
        'ARG U=1:2 Q',
        'USER $U',
        'VOLUME /a ["b"]',
        'VOLUME ["/c d"]',
        'STOPSIGNAL SIGRTMIN+3',
        'HEALTHCHECK --interval=90s --timeout=1h CMD x $U',
        'ONBUILD ENV X=$U',
      ),
    );
    expect(config).to.deep.equal({
      Env: [path],
      WorkingDir: '/',
      User: '1:2',
      Volumes: { '/a': {}, '[b]': {}, '/c d': {} },
      StopSignal: 'SIGRTMIN+3',
      Healthcheck: { Test: ['CMD-SHELL', 'x $U'], Interval: 90_000_000_000, Timeout: 3_600_000_000_000 },
      OnBuild: ['ENV X=$U'],
    });
    expect(history).to.deep.equal([
      'ARG U=1:2 Q',
      'USER 1:2',
      'VOLUME [/a [b]]',
      'VOLUME [/c d]',
      'STOPSIGNAL SIGRTMIN+3',
      'HEALTHCHECK {Test:[CMD-SHELL x $U] Interval:1m30s Timeout:1h0m0s StartPeriod:0s StartInterval:0s Retries:0}',
      undefined,
    ]);
  });

  it('names the maintainer as author', () => {
    const { evaluator, history } = evaluate(stage('MAINTAINER A $B <a@b>'));
    expect(evaluator.author).to.equal('A $B <a@b>');
    expect(history).to.deep.equal(['MAINTAINER A $B <a@b>']);
  });

  it('expands the words of COPY and ADD, but not what they exclude', () => {
    const { steps, history } = evaluate(
      stage(
        'ARG A=a U=1:2',
        'COPY --chown=$U --chmod=7${A}5 --exclude=$A $A/x ${B:-y} /$A/',
        'ADD --checksum=sha256:$A http://h/$A /',
      ),
    );
    expect(steps[1]?.instruction).to.deep.include({
      sources: ['a/x', 'y'],
      destination: '/a/',
      chown: '1:2',
      chmod: '7a5',
      exclude: ['$A'],
    });
    expect(steps[2]?.instruction).to.deep.include({ checksum: 'sha256:a', sources: ['http://h/a'] });
    expect(history.slice(1)).to.deep.equal([
      'COPY --chown=1:2 --chmod=7a5 a/x y /a/ # buildkit',
      'ADD http://h/a / # buildkit',
    ]);
  });

  it('expands the content of a heredoc unless its name is quoted', () => {
    const { steps, history } = evaluate(stage('ENV A=1', "COPY <<X <<'Y' /to/", '"$A" \\$A \'${A}\'', 'X', '$A', 'Y'));
    expect(steps[1]?.instruction).to.deep.include({
      inlineFiles: [
        { name: 'X', content: '"1" $A \'1\'\n', expand: true },
        { name: 'Y', content: '$A\n', expand: false },
      ],
    });
    expect(history[1]).to.equal('COPY <<X <<Y /to/ # buildkit');
  });

  it('writes the words of a command in the history as Go quotes them', () => {
    expect(evaluate(stage('CMD ["\\t\\u0001\\\\", "é\\u00a0"]')).history).to.deep.equal([
      'CMD ["\\t\\x01\\\\" "é\\u00a0"]',
    ]);
  });

  const wrong: [string, RegExp][] = [
    ['ENV A="x', /line 2: a double quote/],
    ['COPY "a b" /x', /line 2: a double quote/],
    ['LABEL a=${B?needed}', /line 2: B: needed/],
    ['EXPOSE http', /'http' is no port/],
    ['EXPOSE 70000', /'70000' is no port/],
    ['EXPOSE 9-8', /'9-8' is no port/],
    ['STOPSIGNAL SIGTREM', /'SIGTREM' is no signal/],
    ['ENV $NOTHING=1', /a name of ENV is empty/],
    ['VOLUME $NOTHING', /a path of VOLUME is empty/],
  ];
  for (const [text, message] of wrong) {
    it(`is refused: ${text}`, () => {
      expect(refusal(stage(text)))
        .to.match(/^DOCKERFILE_SYNTAX /)
        .and.match(message);
    });
  }
});

describe('Unused build arguments', () => {
  it('are those that no ARG declares, less the ones that need none', () => {
    const dockerfile = readDockerfile('ARG A\nFROM scratch\nARG B=1 C');
    const names = ['A', 'B', 'C', 'D', 'HTTP_PROXY', 'no_proxy', 'TARGETARCH', 'SOURCE_DATE_EPOCH'];
    const trigger = readTrigger('ARG E', { line: 1 });
    expect(unusedBuildArguments(dockerfile, [trigger], [...names, 'E'])).to.deep.equal(['D']);
    expect(unusedBuildArguments(dockerfile, [], ['E'])).to.deep.equal(['E']);
  });
});

import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import { ImageReference } from '@slipway/oci';
import { expect } from 'chai';
import { podState } from '../../src/build/pod-state.js';
import { reportedDigest } from '../../src/build/termination-message.js';

describe('reportedDigest', () => {
  const [one, two] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
  const tags = ['r.example.com/demo/hello:1', 'r.example.com/demo/other:1'].map((tag) => ImageReference.parse(tag));
  const cases: readonly [what: string, message: string, digest: string | undefined][] = [
    ['one line', `r.example.com/demo/hello@${one}\n`, one],
    ['a line for each tag', `r.example.com/demo/hello@${one}\nr.example.com/demo/other@${one}\n`, one],
    ['a line of a cache first', `r.example.com/demo/hello/cache@${two}\nr.example.com/demo/hello@${one}\n`, one],
    ['only a line of a cache', `r.example.com/demo/hello/cache@${two}\n`, undefined],
    ['a repository that only begins like it', `r.example.com/demo/hello2@${one}`, undefined],
    ['another registry', `other.example.com/demo/hello@${one}`, undefined],
    ['lines that disagree', `r.example.com/demo/hello@${one}\nr.example.com/demo/hello@${two}\n`, undefined],
    ['no digest', 'r.example.com/demo/hello:1', undefined],
    ['nothing', '', undefined],
    ['something else', 'Error: unknown flag\n\n', undefined],
  ];
  for (const [what, message, digest] of cases) {
    it(`${digest === undefined ? 'finds none' : 'is found'} in ${what}`, () => {
      expect(reportedDigest(message, tags)).to.equal(digest);
    });
  }

  it("knows Docker Hub under the executor's name for it", () => {
    const hub = [ImageReference.parse('docker.io/library/hello:1')];
    expect(reportedDigest(`index.docker.io/library/hello@${one}`, hub)).to.equal(one);
  });
});

describe('podState', () => {
  const container = (name: string, state: V1ContainerState) => ({
    name,
    state,
    image: '',
    imageID: '',
    ready: false,
    restartCount: 0,
  });
  const pod = (status: V1Pod['status'], deletionTimestamp?: Date): V1Pod => ({
    metadata: deletionTimestamp === undefined ? {} : { deletionTimestamp },
    status,
  });
  const terminated = { exitCode: 2, reason: 'Error' };

  it("looks at the executor's container, whatever was injected before it", () => {
    const sidecar = container('istio-proxy', { running: {} });
    const waiting = container('kaniko', { waiting: { reason: 'ErrImagePull', message: 'no' } });
    expect(podState(pod({ phase: 'Running', containerStatuses: [sidecar, waiting] }))).to.deep.equal({
      kind: 'pending',
      reason: 'ErrImagePull',
      message: 'no',
    });
    const ended = container('kaniko', { terminated });
    expect(podState(pod({ phase: 'Running', containerStatuses: [sidecar, ended] }))).to.deep.equal({
      kind: 'terminated',
      terminated,
    });
  });

  it('is lost where the container ended because its pod was being deleted', () => {
    const statuses = [container('kaniko', { terminated })];
    const state = podState(pod({ phase: 'Failed', containerStatuses: statuses }, new Date()));
    expect(state).to.include({ kind: 'lost', reason: 'Deleted' });
  });

  it('is lost, and says to whom, where the cluster needed its place', () => {
    const conditions = [
      { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message: 'for somebody else' },
    ];
    const state = podState(
      pod({ phase: 'Failed', conditions, containerStatuses: [container('kaniko', { terminated })] }),
    );
    expect(state).to.deep.equal({ kind: 'lost', reason: 'PreemptionByScheduler', message: 'for somebody else' });
  });

  it('has ended well where it did so before it was deleted', () => {
    const done = { exitCode: 0, reason: 'Completed' };
    const statuses = [container('kaniko', { terminated: done })];
    expect(podState(pod({ phase: 'Succeeded', containerStatuses: statuses }, new Date())).kind).to.equal('terminated');
  });

  it('is lost where the node ended it without a word of the container', () => {
    const state = podState(pod({ phase: 'Failed', reason: 'NodeLost' }));
    expect(state).to.deep.equal({ kind: 'lost', reason: 'NodeLost', message: '' });
  });
});

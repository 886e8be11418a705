import type { V1ContainerState, V1Pod } from '@kubernetes/client-node';
import { ImageReference } from '@slipway/oci';
import { expect } from 'chai';
import { executorFailure } from '../../src/build/executor-failure.js';
import { podState } from '../../src/build/pod-state.js';
import { reportedDigest } from '../../src/build/termination-message.js';
import { waitingVerdict } from '../../src/build/waiting-verdict.js';

describe('waitingVerdict', () => {
  const cases: readonly [reason: string, message: string, code: string | undefined][] = [
    ['ErrImagePull', 'manifest unknown', 'EXECUTOR_IMAGE_NOT_FOUND'],
    ['ImagePullBackOff', 'Back-off pulling image "x": ErrImagePull: x: not found', 'EXECUTOR_IMAGE_NOT_FOUND'],
    ['ErrImagePull', 'no match for platform in manifest: not found', 'EXECUTOR_IMAGE_NOT_FOUND'],
    ['ErrImageNeverPull', 'Container image "x" is not present with pull policy of Never', 'EXECUTOR_IMAGE_NOT_FOUND'],
    ['InvalidImageName', 'couldn\'t parse image name "X"', 'EXECUTOR_IMAGE_INVALID'],
    ['ErrImagePull', 'failed to authorize: 401 Unauthorized', 'EXECUTOR_IMAGE_REFUSED'],
    [
      'ErrImagePull',
      'pull access denied, repository does not exist or may require authorization',
      'EXECUTOR_IMAGE_REFUSED',
    ],
    [
      'ErrImagePull',
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'EXECUTOR_IMAGE_REFUSED',
    ],
    ['ErrImagePull', 'toomanyrequests: You have reached your pull rate limit', undefined],
    ['ErrImagePull', 'dial tcp: lookup ghcr.io: no such host', undefined],
    ['ErrImagePull', 'connect: connection refused', undefined],
    ['ErrImagePull', 'unexpected status from HEAD request: 503 Service Unavailable', undefined],
    ['ErrImagePull', 'net/http: TLS handshake timeout', undefined],
    ['ErrImagePull', 'read: connection reset by peer', undefined],
    ['ErrImagePull', 'short read: unexpected EOF', undefined],
    ['ImagePullBackOff', 'Back-off pulling image "x"', undefined],
    ['CreateContainerConfigError', 'configmap "x" not found', 'POD_CONFIGURATION_INVALID'],
    ['CreateContainerError', 'context deadline exceeded', undefined],
    ['RunContainerError', 'failed to create containerd task: exec: "/x": not found', 'POD_CONFIGURATION_INVALID'],
    ['FailedMount', 'MountVolume.SetUp failed for volume "v" : configmap "c" not found', 'POD_CONFIGURATION_INVALID'],
    ['FailedMount', 'references non-existent secret key: x', 'POD_CONFIGURATION_INVALID'],
    ['FailedMount', 'Unable to attach or mount volumes: timed out waiting for the condition', undefined],
    ['Unschedulable', 'persistentvolumeclaim "p" not found', 'POD_CONFIGURATION_INVALID'],
    ['Unschedulable', '0/3 nodes are available: 3 Insufficient memory.', undefined],
    ['FailedCreate', 'pods "x" is forbidden: exceeded quota: q', 'QUOTA_EXCEEDED'],
    ['FailedCreate', 'error looking up service account a/b: serviceaccount "b" not found', 'SERVICE_ACCOUNT_NOT_FOUND'],
    ['FailedCreate', 'admission webhook "w" denied the request: no', 'POD_REFUSED'],
    ['FailedCreate', 'Pod "x" is invalid: spec.containers[0].env[0].name: Invalid value', 'POD_REFUSED'],
    ['FailedCreate', 'Internal error occurred: failed calling webhook: connection refused', undefined],
    ['ContainerCreating', '', undefined],
    ['FailedCreatePodSandBox', 'failed to set up network: not found', undefined],
  ];
  for (const [reason, message, code] of cases) {
    it(`${code ?? 'waits'}: ${reason}: ${message}`, () => {
      expect(waitingVerdict({ reason, message })?.code).to.equal(code);
    });
  }
});

describe('executorFailure', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const cases: readonly [line: string, code: string][] = [
    ['Error: error resolving source context: unexpected EOF', 'CONTEXT_UNREADABLE'],
    [
      'error checking push permissions: checking push permission for "r/x": creating push check transport for r failed: Get "http://r/v2/": dial tcp 198.18.0.1:5999: connect: connection refused',
      'REGISTRY_UNREACHABLE',
    ],
    ['error building image: error finding target stage: "nope" is not a valid target build stage', 'TARGET_NOT_FOUND'],
    ['Error: error resolving source context: gzip: invalid header', 'CONTEXT_UNREADABLE'],
    [
      'Error: error resolving dockerfile path: please provide a valid path to a Dockerfile within the build context with --dockerfile',
      'DOCKERFILE_INVALID',
    ],
    [
      'error building image: parsing dockerfile: dockerfile parse error on line 2: unknown instruction: RNU',
      'DOCKERFILE_INVALID',
    ],
    [
      'error checking push permissions -- make sure you entered the correct tag name, and that you are authenticated correctly, and try again: checking push permission for "r/x": POST https://r/v2/x/blobs/uploads/: UNAUTHORIZED: authentication required',
      'PUSH_REFUSED',
    ],
    [
      'error checking push permissions: checking push permission for "r/x": DENIED: requested access to the resource is denied',
      'PUSH_REFUSED',
    ],
    [
      'error building image: unable to complete operation after 0 attempts, last error: GET https://r/v2/x/manifests/1: MANIFEST_UNKNOWN: manifest unknown',
      'BASE_IMAGE_UNAVAILABLE',
    ],
    [
      'error building image: GET https://index.docker.io/v2/library/nope/manifests/latest: UNAUTHORIZED: authentication required',
      'BASE_IMAGE_UNAVAILABLE',
    ],
    [
      'error building image: error building stage: failed to get files used from context: failed to get fileinfo for /kaniko/buildcontext/x: lstat /kaniko/buildcontext/x: no such file or directory',
      'COPY_SOURCE_MISSING',
    ],
    [
      'error building image: error building stage: failed to execute command: waiting for process to exit: exit status 7',
      'RUN_FAILED',
    ],
    [
      'error building image: error building stage: failed to execute command: starting command: fork/exec /bin/sh: exec format error',
      'WRONG_ARCHITECTURE',
    ],
    [
      'error pushing image: failed to push to destination r/x:1: PUT https://r/v2/x/manifests/1: TAG_IMMUTABLE',
      'PUSH_FAILED',
    ],
    [
      'error checking push permissions: Get "https://r/v2/": x509: certificate signed by unknown authority',
      'CERTIFICATE_UNTRUSTED',
    ],
    [
      'error checking push permissions: Get "https://r/v2/": http: server gave HTTP response to HTTPS client',
      'REGISTRY_SPEAKS_HTTP',
    ],
    ['error building image: Get "https://r/v2/": dial tcp: lookup r: no such host', 'REGISTRY_UNREACHABLE'],
    ['Error: unknown flag: --nonsense', 'EXECUTOR_ARGUMENT_INVALID'],
    [
      'kaniko should only be run inside of a container, run with the --force flag if you are sure you want to continue',
      'EXECUTOR_FAILED',
    ],
  ];
  for (const [line, code] of cases) {
    it(`${code}: ${line.slice(0, 100)}`, () => {
      const log = ['INFO[0000] Retrieving image manifest', line];
      const error = executorFailure({ exitCode: 1, reason: 'Error' }, log);
      expect(error.code).to.equal(code);
      expect(error.reason).to.include(line).and.not.include('INFO[0000]');
      expect(error.fix).to.be.a('string');
    });
  }

  it('shows the error of a wrong call, and not the usage that buries it', () => {
    const log = ['Error: unknown flag: --x', 'Usage:', '  executor [flags]', ...Array<string>(50).fill('      --flag')];
    expect(executorFailure({ exitCode: 1 }, log).reason).to.equal(
      "The executor's last words:\n  Error: unknown flag: --x",
    );
  });

  it('shows at most a dozen lines', () => {
    const log = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    const { reason = '' } = executorFailure({ exitCode: 3 }, log);
    expect(reason.split('\n')).to.have.length(13);
    expect(reason).to.include('line 39').and.not.include('line 27\n');
  });

  it('takes the termination message where there is no log', () => {
    expect(executorFailure({ exitCode: 1, message: `pushing ${digest}\nno` }, []).reason).to.include('no');
  });

  it('says that the image could not be started', () => {
    const error = executorFailure({ exitCode: 128, reason: 'StartError', message: 'exec: "/kaniko/executor"' }, []);
    expect(error.code).to.equal('EXECUTOR_NOT_STARTED');
    expect(error.reason).to.include('/kaniko/executor');
  });

  it('does not take an exit code of 137 for a lack of memory', () => {
    expect(executorFailure({ exitCode: 137, reason: 'Error' }, ['Killed']).code).to.equal('EXECUTOR_FAILED');
  });
});

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

import { expect } from 'chai';
import { notRunning, podLost, waitingVerdict } from '../../src/build/waiting-verdict.js';

describe('waitingVerdict', () => {
  const cases: readonly [reason: string, message: string, code: string | undefined][] = [
    ['ErrImagePull', 'manifest unknown', 'EXECUTOR_IMAGE_NOT_FOUND'],
    ['ImagePullBackOff', 'Back-off pulling image "x": ErrImagePull: x: not found', 'EXECUTOR_IMAGE_NOT_FOUND'],
    ['ErrImagePull', 'no match for platform in manifest: not found', 'EXECUTOR_IMAGE_NOT_FOUND'],
    ['ErrImageNeverPull', 'Container image "x" is not present with pull policy of Never', 'EXECUTOR_IMAGE_NOT_FOUND'],
    ['InvalidImageName', 'couldn\'t parse image name "X"', 'EXECUTOR_IMAGE_INVALID'],
    [
      'ErrImagePull',
      'failed to parse image reference "X/y:1": invalid reference format: repository name must be lowercase',
      'EXECUTOR_IMAGE_INVALID',
    ],
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
    ['CreateContainerConfigError', 'container has runAsNonRoot and image will run as root', 'POD_REFUSED'],
    [
      'FailedCreate',
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
      'POD_SECURITY_VIOLATED',
    ],
    [
      'FailedCreate',
      'pods "x" is forbidden: maximum memory usage per Container is 64Mi, but limit is 128Mi',
      'LIMIT_RANGE_VIOLATED',
    ],
    ['FailedCreate', 'pods "x" is forbidden: failed quota: q: must specify limits.memory', 'QUOTA_EXCEEDED'],
    ['FailedCreate', 'pods "x" is forbidden: no PriorityClass with name nope was found', 'POD_CONFIGURATION_INVALID'],
    ['FailedCreate', 'pods "x" is forbidden: pod rejected: RuntimeClass "nope" not found', 'POD_CONFIGURATION_INVALID'],
    [
      'FailedCreate',
      'pods "x" is forbidden: unable to create new content in namespace y because it is being terminated',
      'NAMESPACE_TERMINATING',
    ],
  ];
  for (const [reason, message, code] of cases) {
    it(`${code ?? 'waits'}: ${reason}: ${message}`, () => {
      expect(waitingVerdict({ reason, message })?.code).to.equal(code);
    });
  }
});

describe('podLost', () => {
  const cases: readonly [reason: string, message: string, code: string][] = [
    ['Evicted', 'The node was low on resource: ephemeral-storage.', 'POD_EVICTED'],
    ['Evicted', 'Pod ephemeral local storage usage exceeds the total limit of containers 20Mi.', 'POD_EVICTED'],
    ['Evicted', 'The node was low on resource: memory. Threshold quantity: 100Mi', 'POD_EVICTED'],
    ['EvictionByEvictionAPI', 'Eviction API: evicting', 'POD_EVICTED'],
    ['PreemptionByScheduler', 'default-scheduler: preempting to accommodate a higher priority pod', 'POD_PREEMPTED'],
    ['DeletionByTaintManager', 'Taint manager: deleting due to NoExecute taint', 'NODE_LOST'],
    ['NodeLost', '', 'NODE_LOST'],
    ['Terminated', 'Pod was terminated in response to imminent node shutdown.', 'NODE_LOST'],
    ['OutOfmemory', 'Node did not have enough resource: memory', 'POD_LOST'],
    ['Deleted', 'The pod was deleted while the build ran.', 'POD_LOST'],
    ['Unknown', '', 'POD_LOST'],
  ];
  for (const [reason, message, code] of cases) {
    it(`${code}: ${reason}: ${message}`, () => {
      const error = podLost(reason, message);
      expect(error.code).to.equal(code);
      expect(error.reason).to.include(message).and.include(reason);
    });
  }
});

describe('notRunning', () => {
  const cases: readonly [reason: string, message: string, code: string][] = [
    ['Unschedulable', '0/3 nodes are available: 3 Insufficient memory.', 'POD_UNSCHEDULABLE'],
    ['ErrImagePull', 'dial tcp: lookup ghcr.io: no such host', 'EXECUTOR_IMAGE_UNREACHABLE'],
    ['FailedMount', 'Unable to attach or mount volumes: timed out waiting for the condition', 'POD_NOT_RUNNING'],
  ];
  for (const [reason, message, code] of cases) {
    it(`${code}: ${reason}`, () => {
      const error = notRunning(30, { reason, message });
      expect(error).to.include({ code, reason: `${reason}: ${message}` });
      expect(error.message).to.include('30 s');
      expect(error.fix).to.include('--pod_running_timeout=');
    });
  }

  it('says where Kubernetes gave no reason', () => {
    expect(notRunning(5, undefined)).to.include({ code: 'POD_NOT_RUNNING', reason: 'Kubernetes gave no reason.' });
  });
});

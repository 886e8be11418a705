import type { Failure } from './recognise.js';

const pulling = /^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError)$/;
const imageFix =
  'Check the name; back to the default: slipway image-builder remove-attribute NAME executor_image; or name another that the cluster can pull.';
const describe = 'slipway image-builder describe NAME';
/** Names another namespace: a fix, or the end of one. */
export const anotherNamespace = 'slipway image-builder update NAME --kubernetes_namespace=default';
const elsewhere = `build in another namespace: ${anotherNamespace}`;

/** Why the pod of a build does not run, where waiting does not mend it: the reason of a container, a condition or an event. */
export const hopelessWaits: readonly Failure[] = [
  {
    reason: /^InvalidImageName$/,
    code: 'EXECUTOR_IMAGE_INVALID',
    what: 'The executor image is not a valid reference.',
    fix: imageFix,
  },
  {
    reason: pulling,
    message: /invalid reference|couldn't parse image/i,
    code: 'EXECUTOR_IMAGE_INVALID',
    what: 'The executor image is not a valid reference.',
    fix: imageFix,
  },
  {
    reason: /^ErrImageNeverPull$/,
    code: 'EXECUTOR_IMAGE_NOT_FOUND',
    what: 'The executor image is not on the node, and the cluster does not pull images.',
    fix: imageFix,
  },
  {
    reason: pulling,
    message: /x509|certificate/i,
    code: 'EXECUTOR_IMAGE_REFUSED',
    what: "The cluster does not trust the certificate of the executor image's registry.",
    fix: 'Have the authority installed on the nodes, or use an executor image from another registry.',
  },
  {
    reason: pulling,
    message: /unauthorized|denied|forbidden|authentication required|no basic auth|\b40[13]\b/i,
    code: 'EXECUTOR_IMAGE_REFUSED',
    what: 'The cluster is not allowed to pull the executor image.',
    fix: 'Name a secret to pull it with (image_pull_secrets), or use an executor image that needs none.',
  },
  {
    reason: pulling,
    message: /not found|manifest unknown|name unknown|does not exist|no match for platform/i,
    code: 'EXECUTOR_IMAGE_NOT_FOUND',
    what: 'The executor image does not exist.',
    fix: imageFix,
  },
  {
    reason: /^(CreateContainerConfigError|CreateContainerError|RunContainerError)$/,
    message: /runAsNonRoot|non-root/i,
    code: 'POD_REFUSED',
    what: 'The pod is to run as somebody else than root, and the executor works as root only.',
    fix: `Leave runAsNonRoot out of pod_security_context and container_security_context: ${describe}`,
  },
  {
    reason: /^(CreateContainerConfigError|CreateContainerError|RunContainerError)$/,
    message: /^(?!.*deadline exceeded)/s,
    code: 'POD_CONFIGURATION_INVALID',
    what: "The cluster cannot make the build's container as it is configured.",
    fix: `Check env, env_from, volumes and volume_mounts of the image builder: ${describe}`,
  },
  {
    reason: /^(FailedMount|FailedAttachVolume)$/,
    message: /((?:secret|configmap|persistentvolumeclaim) \S+).*not found|references non-existent/i,
    code: 'POD_CONFIGURATION_INVALID',
    what: 'The build needs a volume that is not there.',
    fix: `Create what it names, or correct the volumes of the image builder: ${describe}`,
  },
  {
    reason: /^(Unschedulable|FailedScheduling)$/,
    message: /persistentvolumeclaim .*not found/i,
    code: 'POD_CONFIGURATION_INVALID',
    what: 'The build needs a volume that is not there.',
    fix: `Create what it names, or correct the volumes of the image builder: ${describe}`,
  },
];

/** Why the pod cannot be made: words of admission, which come from the Job's controller as an event, or at once for a pod of ours. */
export const refusedPods: readonly Failure[] = [
  {
    message: /exceeded quota|must specify .*(limits|requests)/i,
    code: 'QUOTA_EXCEEDED',
    what: 'The quota of the namespace does not let the build start.',
    fix: `Ask for what is left (resources), end what else runs there, have the quota raised, or ${elsewhere}`,
  },
  {
    message: /(?:maximum|minimum) \S+ usage per (?:Pod|Container)|limit to request ratio/i,
    code: 'LIMIT_RANGE_VIOLATED',
    what: 'What the build asks for is not what the limit range of the namespace allows.',
    fix: `Ask for what it allows, in builds with --with resources.limits.memory=1Gi and the like, or ${elsewhere}`,
  },
  {
    message: /service ?account.*not found/i,
    code: 'SERVICE_ACCOUNT_NOT_FOUND',
    what: 'The service account of the build does not exist.',
    fix: 'Create it, or name another: slipway image-builder update NAME --service_account_name=default',
  },
  {
    message: /no PriorityClass with name|RuntimeClass "[^"]*" not found|runtimeclass.*not found/i,
    code: 'POD_CONFIGURATION_INVALID',
    what: 'The build names a priority or runtime class that the cluster does not have.',
    fix: `kubectl get priorityclasses,runtimeclasses, and correct the image builder: ${describe}`,
  },
  {
    message: /violates PodSecurity "([a-z]+):/,
    code: 'POD_SECURITY_VIOLATED',
    what: ([, level = '']) =>
      `The namespace has the pod security level '${level}', under which the executor cannot work as it is configured.`,
    fix: `Have its label pod-security.kubernetes.io/enforce set to baseline, or ${elsewhere}`,
  },
  {
    message: /denied the request|ValidatingAdmissionPolicy/i,
    code: 'POD_REFUSED',
    what: 'A policy of the cluster does not admit the build.',
    fix: `Ask the administrator of the cluster about the policy named above, or ${elsewhere}`,
  },
  {
    message: /because it is being terminated/,
    code: 'NAMESPACE_TERMINATING',
    what: 'The namespace is being deleted.',
    fix: `Wait until it is gone and create it again, or ${elsewhere}`,
  },
];

/** The same from the Job's controller, which has no other news than that it failed to create the pod. */
export const uncreatedPods: readonly Failure[] = [
  ...refusedPods,
  {
    message: /forbidden|violates|invalid/i,
    code: 'POD_REFUSED',
    what: 'The cluster does not admit the pod of the build.',
    fix: `Ask the administrator of the cluster about the rule named above, or ${elsewhere}`,
  },
];

const moreTime = 'give it more time: slipway image-builder update NAME --pod_running_timeout=SECONDS';

/** Why the pod did not run in time, although it might have. */
export const overdueWaits: readonly Failure<{ seconds: number }>[] = [
  {
    reason: /^(Unschedulable|FailedScheduling|SchedulerError)$/,
    code: 'POD_UNSCHEDULABLE',
    what: (_, { seconds }) => `No node of the cluster took the pod of the build within ${seconds} s.`,
    fix: `Ask for less (resources), look at node_selector, tolerations and affinity, add nodes, or ${moreTime}`,
  },
  {
    reason: pulling,
    code: 'EXECUTOR_IMAGE_UNREACHABLE',
    what: (_, { seconds }) => `The cluster could not pull the executor image within ${seconds} s.`,
    fix: `Check that the nodes reach its registry, use an image from another, or ${moreTime}`,
  },
  {
    code: 'POD_NOT_RUNNING',
    what: (_, { seconds }) => `The pod of the build did not run within ${seconds} s, its pod_running_timeout.`,
    fix: `Mend that, or ${moreTime}`,
  },
];

/** What ended a pod before its build ended, by the reason of the pod or of its condition `DisruptionTarget`. */
export const lostPods: readonly Failure[] = [
  {
    reason: /^(Evicted|TerminationByKubelet)$/,
    message: /ephemeral|emptydir|disk/i,
    code: 'POD_EVICTED',
    what: 'The node ended the build for want of disk, or because the build took more than it may.',
    fix: 'Ask for room with resources.requests.ephemeral-storage, and raise its limit if it has one.',
  },
  {
    reason: /^(Evicted|TerminationByKubelet)$/,
    message: /memory/i,
    code: 'POD_EVICTED',
    what: 'The node ended the build for want of memory.',
    fix: 'Ask for what it needs, in the build with --with resources.requests.memory=4Gi; or let it need less: slipway image-builder update NAME --compressed_caching=false',
  },
  {
    reason: /^(Evicted|EvictionByEvictionAPI|TerminationByKubelet)$/,
    code: 'POD_EVICTED',
    what: 'The cluster moved the build off its node, as when a node is drained.',
    fix: 'Try again.',
  },
  {
    reason: /^(PreemptionByScheduler|Preempting|Preempted)$/,
    code: 'POD_PREEMPTED',
    what: 'The cluster ended the build to make room for a pod of higher priority.',
    fix: 'Try again, or give builds a priority: slipway image-builder update NAME --priority_class_name=CLASS, of: kubectl get priorityclasses',
  },
  {
    reason: /^(NodeLost|NodeShutdown|Shutdown|Terminated|DeletionByTaintManager|DeletionByPodGC|NodeAffinity)$/,
    code: 'NODE_LOST',
    what: 'The node of the build went away or does not answer any more.',
    fix: 'Try again; where it happens again, look at the health of the nodes: kubectl get nodes',
  },
  {
    reason: /^(OutOf\w+|UnexpectedAdmissionError)$/i,
    code: 'POD_LOST',
    what: 'The node refused the pod of the build.',
    fix: 'Try again: another pod took the room that it was given.',
  },
  {
    code: 'POD_LOST',
    what: 'The cluster ended the pod of the build before the build did.',
    fix: 'Try again; where it happens again, look at the limits of the namespace and the health of its nodes.',
  },
];

// A pull that failed on its way to the registry; its text may hold words that elsewhere mean a clear no.
const passing =
  /timeout|connection refused|no such host|reset by peer|unreachable|too ?many ?requests|\b(429|50[0234])\b|EOF/i;

/** Whether an image that could not be pulled may yet be. */
export function mayYetBePulled(reason: string, message: string): boolean {
  return pulling.test(reason) && passing.test(message) && !/x509/.test(message);
}

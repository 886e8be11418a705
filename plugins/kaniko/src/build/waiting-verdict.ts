import { SlipwayError } from '@slipway/core';

/** Why a pod does not run yet, in Kubernetes' words: a container's waiting reason, a condition, or an event's reason. */
export interface Waiting {
  readonly reason: string;
  readonly message: string;
}

interface Verdict {
  /** Matches Kubernetes' reason. */
  readonly reason: RegExp;
  /** Matches its message; any unless given. */
  readonly message?: RegExp;
  readonly code: string;
  readonly what: string;
  readonly fix: string;
}

const pulling = /^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError)$/;
const imageFix =
  'Check the name, or name another that the cluster can pull: slipway image-builder update NAME --executor_image=…';

// What waiting does not mend. All else may yet come right (a node with room, a registry that answers again) and is waited for.
const hopeless: readonly Verdict[] = [
  {
    reason: /^InvalidImageName$/,
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
    fix: 'Give the service account an image pull secret, or use an executor image that needs none.',
  },
  {
    reason: pulling,
    message: /not found|manifest unknown|name unknown|does not exist|no match for platform|invalid reference/i,
    code: 'EXECUTOR_IMAGE_NOT_FOUND',
    what: 'The executor image does not exist.',
    fix: imageFix,
  },
  {
    reason: /^(CreateContainerConfigError|CreateContainerError|RunContainerError)$/,
    message: /^(?!.*deadline exceeded)/s,
    code: 'POD_CONFIGURATION_INVALID',
    what: "The cluster cannot make the build's container as it is configured.",
    fix: 'Check env, env_from, volumes and volume_mounts of the image builder: slipway image-builder describe NAME',
  },
  {
    reason: /^(FailedMount|FailedAttachVolume)$/,
    message: /(secret|configmap|persistentvolumeclaim) .*not found|references non-existent/i,
    code: 'POD_CONFIGURATION_INVALID',
    what: 'The build needs a volume that is not there.',
    fix: 'Create what it names, or correct the volumes of the image builder: slipway image-builder describe NAME',
  },
  {
    reason: /^(Unschedulable|FailedScheduling)$/,
    message: /persistentvolumeclaim .*not found/i,
    code: 'POD_CONFIGURATION_INVALID',
    what: 'The build needs a volume that is not there.',
    fix: 'Create what it names, or correct the volumes of the image builder: slipway image-builder describe NAME',
  },
  {
    reason: /^FailedCreate$/,
    message: /exceeded quota|must specify .*(limits|requests)/i,
    code: 'QUOTA_EXCEEDED',
    what: 'The quota of the namespace does not let the build start.',
    fix: 'End what else runs there, have the quota raised, or build in another namespace: --kubernetes_namespace=…',
  },
  {
    reason: /^FailedCreate$/,
    message: /service ?account.*not found/i,
    code: 'SERVICE_ACCOUNT_NOT_FOUND',
    what: 'The service account of the build does not exist.',
    fix: 'Create it, or name another: slipway image-builder update NAME --service_account_name=…',
  },
  {
    reason: /^FailedCreate$/,
    message: /forbidden|denied the request|violates|invalid/i,
    code: 'POD_REFUSED',
    what: 'The cluster does not admit the pod of the build.',
    fix: 'Ask the administrator of the cluster about the rule named above, or build in another namespace: --kubernetes_namespace=…',
  },
];

// A pull that failed on its way to the registry; its text may hold words that elsewhere mean a clear no.
const passing =
  /timeout|connection refused|no such host|reset by peer|unreachable|too ?many ?requests|\b(429|50[0234])\b|EOF/i;

/** The error that ends the build, or undefined where waiting may help. */
export function waitingVerdict({ reason, message }: Waiting): SlipwayError | undefined {
  if (pulling.test(reason) && passing.test(message) && !/x509/.test(message)) return undefined;
  const verdict = hopeless.find(
    (candidate) => candidate.reason.test(reason) && (candidate.message?.test(message) ?? true),
  );
  if (verdict === undefined) return undefined;
  return new SlipwayError({
    code: verdict.code,
    message: verdict.what,
    reason: message === '' ? reason : `${reason}: ${message}`,
    fix: verdict.fix,
  });
}

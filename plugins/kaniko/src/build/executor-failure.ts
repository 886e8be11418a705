import type { V1ContainerStateTerminated } from '@kubernetes/client-node';
import { SlipwayError } from '@slipway/core';

interface Cause {
  readonly pattern: RegExp;
  readonly code: string;
  readonly what: string | ((match: RegExpExecArray) => string);
  readonly fix: string;
}

const registryFix =
  'Check username and password of the container registry, or give the pod an identity that may push: docs/flavors/kaniko.md.';

// What the executor says, and what it means. The first that fits counts, so the more specific come first.
const causes: readonly Cause[] = [
  {
    pattern: /failed to execute command: waiting for process to exit: (?:exit status|signal: ?) ?(\S+)/,
    code: 'RUN_FAILED',
    what: ([, status]) => `A RUN of the Dockerfile failed${status === undefined ? '' : ` with exit status ${status}`}.`,
    fix: 'Mend the command; what it printed stands above.',
  },
  {
    pattern: /exec format error/,
    code: 'WRONG_ARCHITECTURE',
    what: 'The base image is of another architecture than the node that built it.',
    fix: 'Use a base image of the architecture of the nodes.',
  },
  {
    pattern: /x509: [^\n]*/,
    code: 'CERTIFICATE_UNTRUSTED',
    what: 'The executor does not trust the certificate of a registry.',
    fix: 'Give the container registry its authority: slipway container-registry update NAME --ca_bundle=@ca.crt',
  },
  {
    pattern: /server gave HTTP response to HTTPS client/,
    code: 'REGISTRY_SPEAKS_HTTP',
    what: 'A registry speaks plain HTTP, and the executor was told HTTPS.',
    fix: 'slipway container-registry update NAME --insecure=true',
  },
  {
    pattern: /dial tcp|no such host|connection refused|server misbehaving|i\/o timeout|network is unreachable/,
    code: 'REGISTRY_UNREACHABLE',
    what: 'The executor could not reach a registry from inside the cluster.',
    fix: 'Check that pods reach the registries of the Dockerfile and of the stack: DNS, firewall, proxy.',
  },
  {
    pattern: /error checking push permissions|checking push permission for/,
    code: 'PUSH_REFUSED',
    what: 'The registry does not let the executor push.',
    fix: registryFix,
  },
  {
    pattern: /error pushing image|failed to push to destination/,
    code: 'PUSH_FAILED',
    what: 'The image was built, but pushing it failed.',
    fix: registryFix,
  },
  {
    pattern:
      /MANIFEST_UNKNOWN|NAME_UNKNOWN|(?:manifests|blobs)\/\S+: (?:UNAUTHORIZED|DENIED|NOT_FOUND|unexpected status code 404)/,
    code: 'BASE_IMAGE_UNAVAILABLE',
    what: 'A base image of the Dockerfile does not exist, or the executor is not allowed to pull it.',
    fix: 'Check the names after FROM and COPY --from, and whether they need credentials.',
  },
  {
    pattern: /failed to get files? ?(?:used from context|info)[^\n]*no such file|lstat [^\n]*no such file or directory/,
    code: 'COPY_SOURCE_MISSING',
    what: 'A file that the Dockerfile copies is not in the build context.',
    fix: 'Check the path, which is relative to the context, and .dockerignore.',
  },
  {
    pattern: /error resolving source context/,
    code: 'CONTEXT_UNREADABLE',
    what: 'The executor could not read the build context.',
    fix: 'Try again; with store_context_in_artifact_store the pod needs access to the artifact store.',
  },
  {
    pattern: /is not a valid target build stage/,
    code: 'TARGET_NOT_FOUND',
    what: 'The Dockerfile has no such stage.',
    fix: 'Name a stage of the Dockerfile with --target.',
  },
  {
    pattern: /error resolving dockerfile path|dockerfile parse error|parsing dockerfile/i,
    code: 'DOCKERFILE_INVALID',
    what: 'The executor cannot use the Dockerfile.',
    fix: 'Mend the Dockerfile as the executor says.',
  },
  {
    pattern: /unknown flag: (\S+)|unknown shorthand flag|invalid argument "/,
    code: 'EXECUTOR_ARGUMENT_INVALID',
    what: 'The executor does not know one of its arguments.',
    fix: 'Correct executor_args, or use an executor_image that knows it: slipway image-builder describe NAME',
  },
];

const shownLines = 12;

/** What went wrong in an executor that ended with a failure, by its last words. */
export function executorFailure(terminated: V1ContainerStateTerminated, log: readonly string[]): SlipwayError {
  if (terminated.reason === 'OOMKilled') {
    return new SlipwayError({
      code: 'OUT_OF_MEMORY',
      message: 'The build ran out of memory, and the cluster killed it.',
      reason: lastWords(log),
      fix: 'Set --executor_args=\'["--compressed-caching=false"]\', or build on nodes with more memory.',
    });
  }
  if (terminated.reason === 'StartError' || terminated.reason === 'ContainerCannotRun') {
    return new SlipwayError({
      code: 'EXECUTOR_NOT_STARTED',
      message: 'The executor image could not be started.',
      reason: terminated.message,
      fix: 'Use an image of the Kaniko executor: slipway image-builder update NAME --executor_image=…',
    });
  }
  const text = log.join('\n');
  const found = causes.map((cause) => ({ cause, match: cause.pattern.exec(text) })).find(({ match }) => match !== null);
  const { cause, match } = found ?? {};
  const what = typeof cause?.what === 'function' && match ? cause.what(match) : cause?.what;
  return new SlipwayError({
    code: cause?.code ?? 'EXECUTOR_FAILED',
    message: (what as string | undefined) ?? `The executor failed with exit code ${terminated.exitCode}.`,
    reason: lastWords(log.length > 0 ? log : (terminated.message ?? '').split('\n')),
    fix: cause?.fix ?? 'What it printed stands above.',
  });
}

// A wrong call makes the executor print its error and then all of its usage, which buries the error.
function lastWords(log: readonly string[]): string | undefined {
  const usage = log.findIndex((line) => /^Usage:\s*$/.test(line));
  const all = (usage < 0 ? log : log.slice(0, usage)).filter((line) => line.trim() !== '');
  // What it says of its own steps is no reason; what is left is its errors, and what the commands of the Dockerfile printed.
  const telling = all.filter((line) => !/^INFO\[\d+\] |^WARN\[\d+\] make sure you entered/.test(line));
  const said = telling.length > 0 ? telling : all;
  if (said.length === 0) return undefined;
  return `The executor's last words:\n${said
    .slice(-shownLines)
    .map((line) => `  ${line}`)
    .join('\n')}`;
}

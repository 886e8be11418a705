import type { Failure } from './recognise.js';

const registryFix =
  'Check username and password of the container registry, or give the pod an identity that may push: docs/flavors/kaniko.md';
const baseFix = 'Check the names after FROM and COPY --from, and whether they need credentials.';
const reach = 'see what pods reach with: slipway doctor --from-cluster';

/** The sentence for a path of the executor's own folders. */
function missing([, path = '']: RegExpExecArray): string {
  const name = path.replace(/^\/kaniko\/(?:buildcontext|deps\/\d+)\//, '');
  const where = path.startsWith('/kaniko/deps/') ? 'the stage that it is copied from' : 'the build context';
  return `'${name}', which the Dockerfile copies, is not in ${where}.`;
}

const exitFixes: Readonly<Record<string, string>> = {
  '126': 'Make the file of the command executable: what it printed stands above.',
  '127': 'A command that it calls is not in the image: install it before, or correct its name.',
  '137': 'It was killed, most often for want of memory: give the build more, or the command fewer processes.',
  killed: 'Something killed it, most often for want of memory: give the build more, or the command fewer processes.',
};

/** What the executor's own last error means. */
export const executorFailures: readonly Failure[] = [
  {
    message: /failed to execute command: waiting for process to exit: (?:exit status|signal:) ?(\S+)/,
    code: 'RUN_FAILED',
    what: ([said = '', status = '']) =>
      said.includes('signal:')
        ? `A RUN of the Dockerfile was ended by a signal: ${status}.`
        : `A RUN of the Dockerfile failed with exit status ${status}.`,
    fix: ([, status = '']) => exitFixes[status] ?? 'Mend the command; what it printed stands above.',
  },
  {
    message: /exec format error/,
    code: 'WRONG_ARCHITECTURE',
    what: 'The base image is of another architecture than the node that built it.',
    fix: 'Use a base image of the architecture of the nodes, or build on such a node: --platform=linux/ARCHITECTURE',
  },
  {
    message: /starting command: fork\/exec (\S+): no such file or directory/,
    code: 'SHELL_MISSING',
    what: ([, shell = '']) => `A RUN needs ${shell}, which the image does not have.`,
    fix: 'Run it in an earlier stage whose image has a shell, and COPY --from what it makes.',
  },
  {
    message: /secret not defined: (\S+)|environment variable for secret "?([^"\s]+)"? not set/,
    code: 'SECRET_MISSING',
    what: ([, id, variable]) => `A RUN needs the secret '${id ?? variable ?? ''}', which the build was not given.`,
    fix: ([, id, variable]) => `Give it to the build: --secret id=${id ?? variable ?? 'ID'},src=FILE`,
  },
  {
    message: /user (\S+) is not a uid and does not exist on the system|(?:lookup|unknown) (?:user|group) (\S+)/,
    code: 'COPY_OWNER_INVALID',
    what: ([, user, other = '']) => `The image knows no user or group '${user ?? other}'.`,
    fix: 'Make it in the image with a RUN before, or use a number in USER and --chown.',
  },
  {
    message: /when specifying multiple sources in a COPY command/,
    code: 'COPY_DESTINATION_NOT_DIRECTORY',
    what: 'A COPY or ADD has several sources, and its destination is no directory.',
    fix: 'End the destination with a slash.',
  },
  {
    message: /failed to get fileinfo for (\S+): .*no such file|lstat (\S+): no such file or directory/,
    code: 'COPY_SOURCE_NOT_FOUND',
    what: missing,
    fix: 'Check the path, which is relative to the context, and .dockerignore.',
  },
  {
    message: /downloading remote source file: (?:Get "([^"]+)")?/,
    code: 'ADD_DOWNLOAD_FAILED',
    what: ([, address]) => `What an ADD loads from the network could not be had${address ? `: ${address}` : ''}.`,
    fix: `Check the address; ${reach}`,
  },
  {
    message: /no space left on device/i,
    code: 'DISK_FULL',
    what: 'The node had no room left for the build.',
    fix: 'Ask for room with resources.requests.ephemeral-storage, or build on nodes with larger disks.',
  },
  {
    message: /TOOMANYREQUESTS|pull rate limit|429 Too Many Requests/i,
    code: 'REGISTRY_RATE_LIMITED',
    what: 'A registry lets nobody pull more for now.',
    fix: 'Log in there for a higher limit, use a mirror, or try again later.',
  },
  {
    message: /x509: [^\n]*/,
    code: 'CERTIFICATE_UNTRUSTED',
    what: 'The executor does not trust the certificate of a registry.',
    fix: 'Give the container registry its authority: slipway container-registry update NAME --ca_bundle=@ca.crt',
  },
  {
    // Told that plain HTTP will do, the executor tries HTTPS first, and says both: the second answer is the one that counts.
    message: /server gave HTTP response to HTTPS client(?!; Get "http:)/,
    code: 'REGISTRY_SPEAKS_HTTP',
    what: 'A registry speaks plain HTTP, and the executor was told HTTPS.',
    fix: 'slipway container-registry update NAME --insecure=true',
  },
  {
    message: /HTTP request to an HTTPS server|malformed HTTP response/,
    code: 'REGISTRY_FAILED',
    what: 'A registry speaks HTTPS, and the executor was told plain HTTP.',
    fix: 'slipway container-registry update NAME --insecure=false',
  },
  {
    message: /proxyconnect|Proxy Authentication Required/i,
    code: 'PROXY_FAILED',
    what: 'The executor did not get through the proxy that its environment names.',
    fix: 'Check the proxies of the image builder: slipway image-builder describe NAME',
  },
  {
    message: /dial tcp|no such host|connection refused|server misbehaving|i\/o timeout|network is unreachable/,
    code: 'REGISTRY_UNREACHABLE',
    what: 'The executor could not reach a registry from inside the cluster.',
    fix: `Check DNS, firewall and proxy of the pods; ${reach}`,
  },
  {
    message: /TAG_IMMUTABLE|tag is immutable|immutable tag|cannot be overwritten/i,
    code: 'TAG_IMMUTABLE',
    what: 'The tag is in the registry already, which does not let it be moved.',
    fix: 'Push under another tag: slipway build -t REPOSITORY:TAG',
  },
  {
    message: /(?:check(?:ing)? push permission|failed to push)(?=.*(?:NAME_UNKNOWN|NOT_FOUND|404|RepositoryNotFound))/,
    code: 'REPOSITORY_NOT_FOUND',
    what: 'The registry has no such repository, and makes none for a push.',
    fix: 'Create the repository or project in the registry, or correct the uri of the container registry.',
  },
  {
    message: /error checking push permissions|checking push permission for/,
    code: 'PUSH_REFUSED',
    what: 'The registry does not let the executor push.',
    fix: registryFix,
  },
  {
    message: /(?:error pushing image|failed to push to destination).*413 Request Entity Too Large/s,
    code: 'PUSH_FAILED',
    what: 'The image was built, but a layer is larger than a proxy before the registry lets through.',
    fix: 'Have the limit of that proxy raised, or make the layers smaller.',
  },
  {
    message: /error pushing image|failed to push to destination/,
    code: 'PUSH_FAILED',
    what: 'The image was built, but pushing it failed.',
    fix: registryFix,
  },
  {
    message: /could not parse reference: (\S+)/,
    code: 'INVALID_REFERENCE',
    what: ([, name = '']) => `'${name}', which the Dockerfile builds on or copies from, is not an image reference.`,
    fix: 'Write it in lower case; the name of a repository needs two characters or more.',
  },
  {
    message: /(?:manifests|blobs|token)\S*:? ?[^\n]*(?:UNAUTHORIZED|DENIED|40[13] |authentication required)/,
    code: 'BASE_IMAGE_UNAVAILABLE',
    what: 'A base image of the Dockerfile does not exist, or the executor is not allowed to pull it.',
    fix: baseFix,
  },
  {
    message: /MANIFEST_UNKNOWN|NAME_UNKNOWN|manifests\/\S+: (?:NOT_FOUND|unexpected status code 404)/,
    code: 'BASE_IMAGE_UNAVAILABLE',
    what: 'A base image of the Dockerfile does not exist.',
    fix: 'Check the names after FROM and COPY --from.',
  },
  {
    message: /no child with platform (\S+)/,
    code: 'PLATFORM_NOT_FOUND',
    what: ([, platform = '']) => `A base image has no image for ${platform}.`,
    fix: 'Build for one of its platforms: --platform=OS/ARCHITECTURE',
  },
  {
    message: /error resolving source context/,
    code: 'CONTEXT_UNREADABLE',
    what: 'The executor could not read the build context.',
    fix: 'Try again; with store_context_in_artifact_store the pod needs access to the artifact store.',
  },
  {
    message: /"([^"]+)" is not a valid target build stage/,
    code: 'UNKNOWN_TARGET',
    what: ([, stage = '']) => `The Dockerfile has no stage '${stage}'.`,
    fix: 'Name a stage of the Dockerfile with --target.',
  },
  {
    message: /error resolving dockerfile path|dockerfile parse error|parsing dockerfile|expanding meta ARGs/i,
    code: 'DOCKERFILE_SYNTAX',
    what: 'The executor cannot use the Dockerfile.',
    fix: 'Mend the Dockerfile as the executor says.',
  },
  {
    message: /failed to get filesystem from image[^\n]*(?:operation not permitted|permission denied)/,
    code: 'CAPABILITIES_MISSING',
    what: 'The executor is not allowed what it needs: root, with the capabilities that containers usually have.',
    fix: 'Leave runAsUser and capabilities as they are in container_security_context, and see: slipway doctor',
  },
  {
    message: /kaniko should only be run inside of a container/,
    code: 'NOT_IN_CONTAINER',
    what: 'The executor does not see that it is in a container, as under some sandboxes.',
    fix: `slipway image-builder update NAME --env='[{"name": "container", "value": "kube"}]'`,
  },
  {
    message: /Timed out snapshotting FS/i,
    code: 'SNAPSHOT_TIMEOUT',
    what: 'Comparing the files of the image with those before a step took the executor too long.',
    fix: `Give it longer with env SNAPSHOT_TIMEOUT_DURATION, or compare less with snapshot_mode=redo.`,
  },
  {
    message: /unknown (?:shorthand )?flag: ('?\S+)|invalid argument "[^"]*" for "([^"]+)"|unknown command "([^"]+)"/,
    code: 'EXECUTOR_ARGUMENT_INVALID',
    what: ([, unknown, invalid, command]) => `The executor does not know ${unknown ?? invalid ?? command ?? 'it'}.`,
    fix: 'Correct executor_args, or use an executor_image that knows it: slipway image-builder describe NAME',
  },
  {
    // What is left of those that come before any work are the executor's rules for its arguments.
    message: /^Error: /,
    code: 'EXECUTOR_ARGUMENT_INVALID',
    what: 'The executor refuses its arguments.',
    fix: 'Correct executor_args: slipway image-builder describe NAME',
  },
  {
    message: /^(?:panic|fatal error): |^\[?PANIC/im,
    code: 'EXECUTOR_FAILED',
    what: 'The executor crashed.',
    fix: 'Try the newest executor: slipway image-builder update NAME --executor_image=ghcr.io/osscontainertools/kaniko:latest',
  },
];

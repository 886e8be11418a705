import { expect } from 'chai';
import { executorFailure } from '../../src/build/executor-failure.js';

const stage = (what: string): string =>
  `error building image: error building stage: failed to execute command: ${what}`;

describe('executorFailure', () => {
  const cases: readonly [line: string, code: string][] = [
    ['Error: error resolving source context: unexpected EOF', 'CONTEXT_UNREADABLE'],
    [
      'error checking push permissions: checking push permission for "r/x": creating push check transport for r failed: Get "http://r/v2/": dial tcp 198.18.0.1:5999: connect: connection refused',
      'REGISTRY_UNREACHABLE',
    ],
    ['error building image: error finding target stage: "nope" is not a valid target build stage', 'UNKNOWN_TARGET'],
    ['Error: error resolving source context: gzip: invalid header', 'CONTEXT_UNREADABLE'],
    [
      'Error: error resolving dockerfile path: please provide a valid path to a Dockerfile within the build context with --dockerfile',
      'DOCKERFILE_SYNTAX',
    ],
    [
      'error building image: parsing dockerfile: dockerfile parse error on line 2: unknown instruction: RNU',
      'DOCKERFILE_SYNTAX',
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
      'COPY_SOURCE_NOT_FOUND',
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
      'TAG_IMMUTABLE',
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
      'NOT_IN_CONTAINER',
    ],
    // As v1.28.3 words them.
    [stage('waiting for process to exit: signal: killed'), 'RUN_FAILED'],
    [stage('starting command: fork/exec /bin/sh: no such file or directory'), 'SHELL_MISSING'],
    [stage('secret not defined: npmrc'), 'SECRET_MISSING'],
    [stage('credentials: get uid/gid: user me is not a uid and does not exist on the system'), 'COPY_OWNER_INVALID'],
    [stage('downloading remote source file: invalid response status 404'), 'ADD_DOWNLOAD_FAILED'],
    [
      stage('downloading remote source file: Get "https://x.test/y": dial tcp: lookup x.test: server misbehaving'),
      'ADD_DOWNLOAD_FAILED',
    ],
    [
      "error building image: error building stage: failed to get files used from context: when specifying multiple sources in a COPY command, destination must be a directory and end in '/'",
      'COPY_DESTINATION_NOT_DIRECTORY',
    ],
    [
      'error building image: error building stage: failed to get files used from context: failed to get fileinfo for /kaniko/deps/0/nope: lstat /kaniko/deps/0/nope: no such file or directory',
      'COPY_SOURCE_NOT_FOUND',
    ],
    ['error building image: could not parse reference: UPPER/case:1', 'INVALID_REFERENCE'],
    ['error building image: parsing dockerfile: file with no instructions', 'DOCKERFILE_SYNTAX'],
    [
      'error building image: unable to complete operation after 0 attempts, last error: Get "https://r/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'CERTIFICATE_UNTRUSTED',
    ],
    [
      'error building image: unable to complete operation after 0 attempts, last error: GET https://index.docker.io/v2/library/x/manifests/1: TOOMANYREQUESTS: You have reached your unauthenticated pull rate limit.',
      'REGISTRY_RATE_LIMITED',
    ],
    [
      'error building image: unable to complete operation after 0 attempts, last error: Get "https://r/v2/": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused',
      'PROXY_FAILED',
    ],
    [
      'error checking push permissions: checking push permission for "1.dkr.ecr.eu-west-1.amazonaws.com/x:1": POST https://1.dkr.ecr.eu-west-1.amazonaws.com/v2/x/blobs/uploads/: NAME_UNKNOWN: The repository with name \'x\' does not exist in the registry',
      'REPOSITORY_NOT_FOUND',
    ],
    [
      "error pushing image: failed to push to destination r/x:1: PUT https://r/v2/x/manifests/1: TAG_INVALID: The image tag '1' already exists in the 'x' repository and cannot be overwritten because the tag is immutable.",
      'TAG_IMMUTABLE',
    ],
    [
      'error building image: error building stage: failed to get filesystem from image: chown /etc: operation not permitted',
      'CAPABILITIES_MISSING',
    ],
    [stage('write /big: no space left on device'), 'DISK_FULL'],
    [
      'error building image: error building stage: failed to take snapshot: Timed out snapshotting FS in 90m',
      'SNAPSHOT_TIMEOUT',
    ],
    ['Error: unknown command "nonsense" for "executor"', 'EXECUTOR_ARGUMENT_INVALID'],
    ['Error: you must provide --destination, or use --no-push', 'EXECUTOR_ARGUMENT_INVALID'],
    ['panic: runtime error: index out of range [1] with length 1', 'EXECUTOR_FAILED'],
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
    expect(executorFailure({ exitCode: 1, message: 'pushing\nno' }, []).reason).to.include('no');
  });

  it('says that the image could not be started', () => {
    const error = executorFailure({ exitCode: 128, reason: 'StartError', message: 'exec: "/kaniko/executor"' }, []);
    expect(error.code).to.equal('EXECUTOR_NOT_STARTED');
    expect(error.reason).to.include('/kaniko/executor');
  });

  it('does not take what a RUN of an earlier step printed for what happened', () => {
    const log = [
      'INFO[0000] Running: [/bin/sh -c ./self-test]',
      'dial tcp 10.0.0.1:443: connect: connection refused; x509: certificate has expired',
      'Error: unknown flag: --x',
      'Usage:',
      '  self-test [flags]',
      'error building image: a line that only looks like it',
      'INFO[0001] Taking snapshot of full filesystem...',
      'error building image: error building stage: failed to get files used from context: failed to get fileinfo for /kaniko/buildcontext/nope.txt: lstat /kaniko/buildcontext/nope.txt: no such file or directory',
    ];
    const error = executorFailure({ exitCode: 1, reason: 'Error' }, log);
    expect(error.code).to.equal('COPY_SOURCE_NOT_FOUND');
    expect(error.message).to.equal("'nope.txt', which the Dockerfile copies, is not in the build context.");
    expect(error.reason).to.include('nope.txt').and.not.include('x509');
  });

  it('shows the last lines of the RUN that failed, and none of those before it', () => {
    const log = [
      'INFO[0000] Running: [/bin/sh -c make one]',
      'one is made',
      'INFO[0001] Running: [/bin/sh -c make two]',
      'dial tcp: connection refused',
      'make: *** [two] Error 2',
      stage('waiting for process to exit: exit status 2'),
    ];
    const { code, reason } = executorFailure({ exitCode: 2, reason: 'Error' }, log);
    expect(code).to.equal('RUN_FAILED');
    expect(reason).to.equal(["The executor's last words:", ...log.slice(3).map((line) => `  ${line}`)].join('\n'));
  });

  it('tells what exit statuses of a RUN mean', () => {
    const fix = (status: string): string | undefined =>
      executorFailure({ exitCode: 1 }, [stage(`waiting for process to exit: ${status}`)]).fix;
    expect(fix('exit status 127')).to.include('not in the image');
    expect(fix('exit status 137')).to.include('memory');
    expect(fix('signal: killed')).to.include('memory');
    expect(fix('exit status 3')).to.include('Mend the command');
  });

  it('does not take an exit code of 137 for a lack of memory', () => {
    expect(executorFailure({ exitCode: 137, reason: 'Error' }, ['Killed']).code).to.equal('EXECUTOR_FAILED');
  });
});

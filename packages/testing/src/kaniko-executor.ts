import type { BuildScript, ContainerExit } from './build-script.js';
import type { ContainerProcess } from './container-process.js';
import type { Container } from './kubernetes-object.js';

/** The digest of every scripted image whose script names none. */
export const defaultDigest = `sha256:${'5e'.repeat(32)}`;

const exitOfCutInput: Required<ContainerExit> = { exitCode: 1, reason: 'Error', message: '' };

/** Values of a flag, in the forms `--name=value` and `--name value`. */
function flagValues(container: Container, name: string): string[] {
  const args = container.args ?? [];
  return args.flatMap((arg, index) => {
    if (arg.startsWith(`--${name}=`)) return [arg.slice(name.length + 3)];
    const next = args[index + 1];
    return arg === `--${name}` && next !== undefined ? [next] : [];
  });
}

/** `registry/repository` of a reference with a tag, with Docker Hub's names written out as Kaniko writes them. */
function repositoryOf(destination: string): string {
  const repository = destination.replace(/:[^:/]*$/, '');
  const [first = '', ...rest] = repository.split('/');
  if (rest.length === 0) return `index.docker.io/library/${repository}`;
  if (first === 'docker.io') return repositoryOf(rest.join('/'));
  return /[.:]|^localhost$/.test(first) ? repository : `index.docker.io/${repository}`;
}

function pushedReferences(container: Container, script: BuildScript): string[] {
  const digest = script.digest ?? defaultDigest;
  return flagValues(container, 'destination').map((destination) => `${repositoryOf(destination)}@${digest}`);
}

/** What a build writes when the script says nothing. */
export function defaultOutput(container: Container, script: BuildScript): string[] {
  if ((script.exit?.exitCode ?? 0) !== 0 || script.exit?.reason === 'OOMKilled') return [];
  return pushedReferences(container, script).map((reference) => `INFO[0001] Pushed ${reference}`);
}

/** Kaniko ends like this when its context stops in the middle. */
export function failOnCutInput(process: ContainerProcess): Required<ContainerExit> {
  process.write('Error: error resolving source context: unexpected EOF', 'stderr');
  return exitOfCutInput;
}

/** The container's end as its status tells it. */
export function exitOf(container: Container, script: BuildScript, process: ContainerProcess): Required<ContainerExit> {
  const exit = script.exit ?? {};
  const exitCode = exit.exitCode ?? (exit.reason === 'OOMKilled' ? 137 : 0);
  const reason = exit.reason ?? (exitCode === 0 ? 'Completed' : 'Error');
  let message = exit.message;
  const messagePath = container.terminationMessagePath ?? '/dev/termination-log';
  if (!message && exitCode !== 0 && container.terminationMessagePolicy === 'FallbackToLogsOnError') {
    // The kubelet takes at most 80 lines and 2048 bytes of the log.
    const tail = process.lines.slice(-80).map((line) => `${line.text}\n`);
    message = Buffer.from(tail.join('')).subarray(-2048).toString();
  } else if (message === undefined && exitCode === 0) {
    const written = flagValues(container, 'image-name-with-digest-file').includes(messagePath);
    message = written
      ? pushedReferences(container, script)
          .map((reference) => `${reference}\n`)
          .join('')
      : '';
  }
  return { exitCode, reason, message: (message ?? '').slice(0, 4096) };
}

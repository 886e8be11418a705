import type { V1ContainerStateTerminated } from '@kubernetes/client-node';
import { SlipwayError } from '@slipway/core';
import { executorFailures } from '../failures/executor-failures.js';
import { recognise } from '../failures/recognise.js';

const shownLines = 12;

/** What went wrong in an executor that ended with a failure, by the error it ended with, and the last lines of the RUN before it. */
export function executorFailure(terminated: V1ContainerStateTerminated, log: readonly string[]): SlipwayError {
  if (terminated.reason === 'OOMKilled') {
    return new SlipwayError({
      code: 'OUT_OF_MEMORY',
      message: 'The build ran out of memory, and the cluster killed it.',
      reason: lastWords(log),
      fix: 'Give it more memory, in the build with --with resources.limits.memory=8Gi; or let it need less: slipway image-builder update NAME --compressed_caching=false',
    });
  }
  if (terminated.reason === 'StartError' || terminated.reason === 'ContainerCannotRun') {
    return new SlipwayError({
      code: 'EXECUTOR_NOT_STARTED',
      message: 'The executor image could not be started.',
      reason: terminated.message,
      fix: 'Use an image of the Kaniko executor, as the default is: slipway image-builder remove-attribute NAME executor_image',
    });
  }
  const lines = log.length > 0 ? log : (terminated.message ?? '').split('\n');
  const recognised = recognise(executorFailures, { message: ownError(lines) }, undefined);
  return new SlipwayError({
    code: 'EXECUTOR_FAILED',
    message: `The executor failed with exit code ${terminated.exitCode}.`,
    fix: 'What it printed stands above.',
    ...recognised,
    reason: lastWords(lines),
  });
}

// How the executor begins what it ends with. A RUN may print such a line too, but not after the executor's own.
const ownErrors = /^error (?:building image|checking push permissions|pushing image|resolving|changing to root)\b/;
const otherErrors = /^(?:Error: |panic: |fatal error: |kaniko should only be run|Timed out snapshotting)/;

/** The executor's own error, without what commands of the Dockerfile printed: from its last line that begins one to the end. */
function ownError(log: readonly string[]): string {
  const own = log.findLastIndex((line) => ownErrors.test(line));
  if (own >= 0) return log.slice(own).join('\n');
  const lines = withoutUsage(log);
  const other = lines.findLastIndex((line) => otherErrors.test(line));
  return lines.slice(other >= 0 ? other : lines.findLastIndex(isTelling)).join('\n');
}

// A wrong call makes the executor print its error and then all of its usage, which buries the error.
function withoutUsage(log: readonly string[]): readonly string[] {
  if (log.some((line) => ownErrors.test(line))) return log;
  const usage = log.findIndex((line) => /^Usage:\s*$/.test(line));
  return usage < 0 ? log : log.slice(0, usage);
}

/** Its last error, and of the command that failed, if one did, the last that it printed. */
function lastWords(log: readonly string[]): string | undefined {
  const all = withoutUsage(log).filter((line) => line.trim() !== '');
  const lastStep = all.findLastIndex((line) => step.test(line) && !advice.test(line));
  const errors = all.slice(lastStep + 1).filter(isTelling);
  const telling = errors.length > 0 ? errors : all.filter(isTelling);
  const said = telling.length > 0 ? telling : all;
  if (said.length === 0) return undefined;
  return `The executor's last words:\n${said
    .slice(-shownLines)
    .map((line) => `  ${line}`)
    .join('\n')}`;
}

// What the executor says of its own steps, and advice that it gives with every failure to push.
const step = /^(?:INFO|DEBU|TRAC|WARN)\w*\[\d+\] /;
const advice = /^WARN\w*\[\d+\] make sure you entered/;

function isTelling(line: string): boolean {
  return line.trim() !== '' && !advice.test(line) && !/^(?:INFO|DEBU|TRAC)\w*\[\d+\] /.test(line);
}

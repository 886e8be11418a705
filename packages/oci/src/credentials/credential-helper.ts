import { SlipwayError } from '@slipway/core';

import { isRecord, parseJson } from '../content/parse-manifest.js';
import type { RegistryLogin } from './docker-config-file.js';

const maximumOutput = 1024 * 1024;
// Some ask a cloud over a slow network; none may ask a person, who has no terminal to answer on.
const patienceMilliseconds = 30_000;
// What a helper leaves behind, such as an agent, may keep its output open: all that it had to say is here long before.
const lingerMilliseconds = 500;

/**
 * Asks the program `docker-credential-NAME` for the credentials of a server. Nothing that it prints is ever shown.
 *
 * @param environment holds the PATH to find the program on
 * @param signal ends a helper that does not answer
 * @returns undefined where the helper has none
 * @throws SlipwayError `CREDENTIAL_HELPER_MISSING`, `CREDENTIAL_HELPER_FAILED`
 */
export async function askCredentialHelper(
  name: string,
  server: string,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<RegistryLogin | undefined> {
  const program = `docker-credential-${name}`;
  const patience = AbortSignal.timeout(patienceMilliseconds);
  const ends = signal === undefined ? patience : AbortSignal.any([patience, signal]);
  const { output, end } = await run(program, server, environment, ends);
  signal?.throwIfAborted();
  if (patience.aborted) throw failed(program, server, `It did not answer within ${patienceMilliseconds / 1000} s.`);
  if (end !== undefined) {
    // The protocol has no exit code for it, only these words on standard output.
    if (/credentials not found/i.test(output)) return undefined;
    throw failed(program, server, end);
  }
  const answer = parseJson(Buffer.from(output));
  if (!isRecord(answer)) throw failed(program, server, 'Its output is not JSON.');
  const { Username: username, Secret: password } = answer;
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw failed(program, server, 'Its output has no Username and Secret.');
  }
  if (password === '') return undefined;
  return username === '<token>' ? { kind: 'identitytoken', token: password } : { username, password };
}

/** @returns `end`, a sentence, where it did not end well */
async function run(
  program: string,
  server: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ output: string; end: string | undefined }> {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    // In a group of its own, so that what a script of it started ends with it.
    const child = spawn(program, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    const kill = (): void => {
      child.stdout.destroy();
      if (child.pid !== undefined) killGroup(child.pid);
    };
    signal.addEventListener('abort', kill, { once: true });
    if (signal.aborted) kill();
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (output.length > maximumOutput) kill();
    });
    let linger: NodeJS.Timeout | undefined;
    child.on('exit', () => {
      linger = setTimeout(() => child.stdout.destroy(), lingerMilliseconds);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') reject(missing(program, server));
      else reject(failed(program, server, `It cannot be started (${error.code}).`));
    });
    child.on('close', (code, killedBy) => {
      clearTimeout(linger);
      signal.removeEventListener('abort', kill);
      const isLong = output.length > maximumOutput;
      if (isLong) reject(failed(program, server, `It prints more than ${maximumOutput / 1024 / 1024} MiB.`));
      const end = code === null ? `It ended with signal ${String(killedBy)}.` : `It ended with exit code ${code}.`;
      resolve({ output, end: code === 0 ? undefined : end });
    });
    // A helper may end without having read what it was asked; its exit code tells enough.
    child.stdin.on('error', () => {});
    child.stdin.end(`${server}\n`);
  });
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function missing(program: string, server: string): SlipwayError {
  return new SlipwayError({
    code: 'CREDENTIAL_HELPER_MISSING',
    message: `The credential helper '${program}' is not installed.`,
    reason: `Docker's configuration names it for the credentials of ${server}.`,
    fix: `Install '${program}', put it into the PATH, or log in again without it.`,
  });
}

function failed(program: string, server: string, reason: string): SlipwayError {
  return new SlipwayError({
    code: 'CREDENTIAL_HELPER_FAILED',
    message: `The credential helper '${program}' does not give the credentials of ${server}.`,
    reason,
    fix: `Run \`echo ${server} | ${program} get\` to see what it says; it prints a secret where it succeeds.`,
  });
}

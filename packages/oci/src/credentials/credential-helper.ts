import { spawn } from 'node:child_process';
import { SlipwayError } from '@slipway/core';

import { isRecord, parseJson } from '../content/parse-manifest.js';
import type { StoredCredentials } from './docker-config-file.js';

const maximumOutput = 1024 * 1024;

/**
 * Asks the program `docker-credential-NAME` for the credentials of a server. Nothing that it prints is ever shown.
 *
 * @param environment holds the PATH to find the program on
 * @returns undefined where the helper has none
 * @throws SlipwayError `CREDENTIAL_HELPER_MISSING`, `CREDENTIAL_HELPER_FAILED`
 */
export async function askCredentialHelper(
  name: string,
  server: string,
  environment: NodeJS.ProcessEnv,
): Promise<StoredCredentials | undefined> {
  const program = `docker-credential-${name}`;
  const { output, end } = await run(program, server, environment);
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
  return username === '<token>' ? 'identity token' : { username, password };
}

/** @returns `end`, a sentence, where it did not end well */
function run(
  program: string,
  server: string,
  env: NodeJS.ProcessEnv,
): Promise<{ output: string; end: string | undefined }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(0, maximumOutput);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') reject(missing(program, server));
      else reject(failed(program, server, `It cannot be started (${error.code}).`));
    });
    child.on('close', (code, signal) => {
      const end = code === null ? `It ended with signal ${String(signal)}.` : `It ended with exit code ${code}.`;
      resolve({ output, end: code === 0 ? undefined : end });
    });
    // A helper may end without having read what it was asked; its exit code tells enough.
    child.stdin.on('error', () => {});
    child.stdin.end(`${server}\n`);
  });
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

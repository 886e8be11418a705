import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { UsageError } from '@slipway/core';

/**
 * The absolute path of the folder to build.
 * @throws UsageError `CONTEXT_NOT_A_DIRECTORY` for what Docker takes beside folders: an address, or `-` for standard input
 */
export function contextFolder(named: string): string {
  const path = resolve(named);
  const isAddress = /^([a-z][a-z+]*:\/\/|git@|github\.com\/)/i.test(named);
  if ((named !== '-' && !isAddress) || existsSync(path)) return path;
  throw new UsageError({
    code: 'CONTEXT_NOT_A_DIRECTORY',
    message: `The build context '${named}' is ${isAddress ? 'an address' : 'standard input'}, not a folder of this machine.`,
    fix: `${isAddress ? 'Fetch it' : 'Unpack it'} into a folder first, and name that: slipway build FOLDER`,
  });
}

/** As Docker reads it: from where the person stands. A path that is only there from the context is meant from the context. */
export function dockerfilePath(contextDirectory: string, file: string): string {
  const path = resolve(file);
  if (existsSync(path)) return relative(contextDirectory, path);
  if (file !== '-') return file;
  throw new UsageError({
    code: 'DOCKERFILE_NOT_FOUND',
    message: 'A Dockerfile is not read from standard input.',
    fix: 'Write it to a file in the build context, and name that with -f.',
  });
}

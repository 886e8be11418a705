import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { SlipwayError, UsageError } from '../errors/slipway-error.js';

const fileName = 'slipway.yaml';

/** What a project says about how it is built, for everybody who works on it. */
export interface ProjectFile {
  readonly path: string;
  /** The stack of the project. */
  readonly stack?: string | undefined;
}

/**
 * The nearest `slipway.yaml` in a folder or above it; undefined where there is none.
 * @throws UsageError `PROJECT_FILE_INVALID`; SlipwayError `PROJECT_FILE_UNREADABLE`
 */
export async function readProjectFile(from: string): Promise<ProjectFile | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, fileName);
    const text = await readText(path);
    if (text !== undefined) return parseProjectFile(path, text);
    if (dirname(folder) === folder) return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // A folder of that name is none of ours, and what lies above a folder that is closed to us is not either.
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) return undefined;
    throw new SlipwayError({
      code: 'PROJECT_FILE_UNREADABLE',
      message: `The project's file ${path} cannot be read.`,
      reason: error instanceof Error ? error.message : undefined,
      fix: 'Check its permissions, or name a stack with --stack or SLIPWAY_STACK.',
      cause: error,
    });
  }
}

async function parseProjectFile(path: string, text: string): Promise<ProjectFile> {
  // Loaded only where there is such a file.
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw invalid(path, `It is not YAML: ${error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : ''}`);
  }
  if (value === null || value === undefined) return { path };
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid(path, 'It is not a map of settings.');
  const { stack } = value as { stack?: unknown };
  if (stack === undefined || stack === null) return { path };
  if (typeof stack !== 'string' || stack === '') throw invalid(path, '`stack` is not a name.');
  return { path, stack };
}

function invalid(path: string, reason: string): UsageError {
  return new UsageError({
    code: 'PROJECT_FILE_INVALID',
    message: `The project's file ${path} cannot be used.`,
    reason,
    fix: 'Write the name of a stack into it, such as `stack: default`, or remove it.',
  });
}

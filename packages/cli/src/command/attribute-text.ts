import { readFile } from 'node:fs/promises';
import { UsageError } from '@slipway/core';

/**
 * The text that a value stands for: `@FILE` is the file's content as it is, `@@text` is `@text`.
 * @throws UsageError `UNREADABLE_FILE`
 */
export async function attributeText(name: string, value: string): Promise<string> {
  if (!value.startsWith('@')) return value;
  if (value.startsWith('@@')) return value.slice(1);
  const path = value.slice(1);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    throw new UsageError({
      code: 'UNREADABLE_FILE',
      message: `The file '${path}' for '${name}' cannot be read.`,
      reason: reasonOf(error),
      fix: `Check the path; a value that really begins with '@' is written --${name}=@@…`,
      cause: error,
    });
  }
}

const reasons: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'It does not exist.'],
  ['EISDIR', 'It is a folder.'],
  ['EACCES', 'You may not read it.'],
  ['ERR_ENCODING_INVALID_ENCODED_DATA', 'It is not UTF-8 text.'],
]);

/** Why a file could not be read. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons.get(code) ?? `${message}.`;
}

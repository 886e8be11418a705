import { text } from 'node:stream/consumers';
import { UsageError } from '@slipway/core';
import { attributeText } from '../../command/attribute-text.js';
import type { FreeOptions } from '../../command/command.js';
import type { Output } from '../../output/output.js';
import { askSecret } from '../../prompt/ask-secret.js';

/**
 * The values of a secret's keys: `--KEY=@FILE`, `--KEY=-` for standard input, `--KEY` alone is asked for. What stands on the command line
 * itself is taken, with a warning.
 * @throws UsageError `INVALID_OPTION`, `UNREADABLE_FILE`, `EMPTY_SECRET`, `NEEDS_TERMINAL`
 */
export async function secretValues(options: FreeOptions, output: Output): Promise<Record<string, string>> {
  const fromInput = Object.entries(options).filter(([, written]) => written === '-');
  if (fromInput.length > 1) {
    throw new UsageError({
      code: 'INVALID_OPTION',
      message: `Standard input is one value, but ${fromInput.map(([key]) => `--${key}`).join(' and ')} want it.`,
      fix: `Let one come from a file, --${fromInput[1]?.[0] ?? ''}=@FILE, or alone, to be asked for: --${fromInput[1]?.[0] ?? ''}`,
    });
  }
  const plain = Object.entries(options).filter(([, written]) => written !== true && !/^(-$|@[^@])/.test(written));
  if (plain.length > 0) {
    output.warning({
      code: 'SECRET_ON_COMMAND_LINE',
      message: `The value of ${plain.map(([key]) => `--${key}`).join(' and ')} stands on the command line.`,
      reason: 'Others on this machine can read command lines, and the history of your shell keeps them.',
      fix: `--${plain[0]?.[0] ?? ''} alone, to be asked for it; --${plain[0]?.[0] ?? ''}=- for standard input; or =@ and a file.`,
    });
  }
  const values: Record<string, string> = {};
  for (const [key, written] of Object.entries(options)) {
    const given = await value(key, written);
    if (given === '' && written !== '') throw emptyValue(key, written);
    values[key] = given;
  }
  return values;
}

async function value(key: string, written: string | true): Promise<string> {
  if (written === true) return askSecret(`Value of ${key}: `, `--${key}=@FILE, or --${key}=- for standard input`);
  if (written === '-') return withoutLineEnd(await text(process.stdin));
  return written.startsWith('@@') ? written.slice(1) : withoutLineEnd(await attributeText(key, written));
}

/** Most often the program before the pipe has failed, or Ctrl-D was pressed instead of writing something. */
function emptyValue(key: string, written: string | true): UsageError {
  return new UsageError({
    code: 'EMPTY_SECRET',
    message: `The value of '${key}' is empty.`,
    reason: `Nothing came from ${written === true ? 'the terminal' : written === '-' ? 'standard input' : `the file '${written.slice(1)}'`}.`,
    fix: `Look at where it comes from; an empty value that is meant is written --${key}=`,
  });
}

/** A file of one line ends with a line end, of which a password knows nothing. One of several lines is kept as it is. */
function withoutLineEnd(content: string): string {
  return /^[^\n]*\n$/.test(content) ? content.replace(/\r?\n$/, '') : content;
}

import { type Override, UsageError } from '@slipway/core';
import { attributeText } from './attribute-text.js';

/**
 * The values of a repeated `--option NAME=VALUE`, by name; of a name that is given twice the last counts.
 * @throws UsageError `INVALID_OPTION`
 */
export function namedValues(option: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text) => nameAndValue(option, text)));
}

/**
 * The values for a Dockerfile's ARGs. A name alone takes its value from the environment, and is left out where that has none.
 * @throws UsageError `INVALID_OPTION`
 */
export function buildArguments(texts: readonly string[], environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = texts.flatMap((text) => {
    if (text.includes('=')) return [nameAndValue('build-arg', text)];
    const value = environment[text];
    return value === undefined ? [] : [[text, value] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * Values of attributes for this one call, as `--with PATH=VALUE` has them; `@FILE` is a file's content.
 * @throws UsageError `INVALID_OPTION`, `UNREADABLE_FILE`
 */
export function overrides(texts: readonly string[]): Promise<readonly Override[]> {
  return Promise.all(
    texts.map(async (text) => {
      const [path, value] = nameAndValue('with', text, 'PATH=VALUE');
      return { path, value: await attributeText(path, value) };
    }),
  );
}

function nameAndValue(option: string, text: string, form = 'NAME=VALUE'): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  // The text is not quoted: it may be half of a secret.
  throw new UsageError({
    code: 'INVALID_OPTION',
    message: `The option '--${option}' takes ${form}.`,
    fix: `--${option} ${form}`,
  });
}

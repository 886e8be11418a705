import { UsageError } from '@slipway/core';

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

function nameAndValue(option: string, text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  // The text is not quoted: it may be half of a secret.
  throw new UsageError({
    code: 'INVALID_OPTION',
    message: `The option '--${option}' takes NAME=VALUE.`,
    fix: `--${option} NAME=VALUE`,
  });
}

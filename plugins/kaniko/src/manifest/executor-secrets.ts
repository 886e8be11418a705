import { type BuildSecret, UsageError } from '@slipway/core';
import type { SecretEntry } from './build-secret.js';

const directory = '/kaniko/slipway';

export interface ExecutorSecrets {
  readonly entries: readonly SecretEntry[];
  /** The executor's flags, which name ids and files. */
  readonly args: readonly string[];
}

/**
 * The secrets of a build, each as a file that the executor reads.
 * @throws UsageError `INVALID_SECRET`
 */
export function executorSecrets(secrets: readonly BuildSecret[] = []): ExecutorSecrets {
  const seen = new Set<string>();
  for (const { id } of secrets) {
    // The executor keeps each in a file of that name.
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(id)) {
      throw invalid(
        `'${id}' cannot be the id of a secret.`,
        "Use letters, digits, '.', '_' and '-', no '.' or '-' first.",
      );
    }
    if (seen.has(id)) throw invalid(`The secret '${id}' is given twice.`, 'Give each of them an id of its own.');
    seen.add(id);
  }
  const files = secrets.map(({ id, value }, index) => ({ id, value, path: `${directory}/secret-${index}` }));
  return {
    entries: files.map(({ value, path }, index) => ({ key: `secret-${index}`, content: value, mountPath: path })),
    args: files.map(({ id, path }) => `--secret=id=${id},src=${path}`),
  };
}

function invalid(message: string, fix: string): UsageError {
  return new UsageError({ code: 'INVALID_SECRET', message, fix });
}

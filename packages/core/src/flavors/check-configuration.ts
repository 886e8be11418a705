import type { z } from 'zod';
import { findReferences } from '../secrets/references.js';
import type { Flavor } from './flavor.js';
import { configurationError } from './validate-configuration.js';

/**
 * Checks a configuration as a person gives it: where a reference to a secret stands, `{{name.key}}`, any text is taken; whether the
 * secret fits is seen when the component is made.
 * @throws UsageError as `validateConfiguration`
 */
export function checkConfiguration(flavor: Flavor, configuration: Readonly<Record<string, unknown>>): void {
  const result = flavor.configSchema.safeParse(configuration);
  if (result.success) return;
  const references = findReferences(configuration).map(({ path }) => path);
  const issues = result.error.issues.filter((issue) => !references.some((path) => concerns(issue, path)));
  if (issues.length > 0) throw configurationError(flavor, configuration, issues);
}

/** Whether an issue is about the text at a path: there or, where none of several forms fits, of something around it. */
function concerns({ code, path }: z.core.$ZodIssue, reference: readonly PropertyKey[]): boolean {
  const isPrefix = (a: readonly PropertyKey[], b: readonly PropertyKey[]) =>
    a.every((part, index) => part === b[index]);
  return isPrefix(reference, path) || (code === 'invalid_union' && isPrefix(path, reference));
}

import { unknownFieldMessage } from '@slipway/core';
import { z } from 'zod';

// Kubernetes' own shapes, under its own names, so that what a person knows from manifests works here. They are checked when a
// component is registered: the API server would say the same, but only when somebody builds.

/** An object of Kubernetes with these fields and no others. */
export function object<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const message = unknownFieldMessage(Object.keys(shape));
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? message(issue as { keys?: string[] }) : undefined),
  });
}

/** Refuses objects that have none or several of the fields, of which Kubernetes takes exactly one. */
export function exactlyOneOf(fields: readonly string[], what: string) {
  return (value: Record<string, unknown>, context: z.core.$RefinementCtx): void => {
    const given = fields.filter((field) => value[field] !== undefined);
    if (given.length === 1) return;
    const choice = fields.length > 6 ? `${fields.slice(0, 6).join(', ')}, …` : fields.join(', ');
    context.addIssue(
      given.length === 0 ? `needs ${what}: one of ${choice}` : `has more than one ${what}: ${given.join(', ')}`,
    );
  };
}

export const text = z.string().min(1);
export const dnsLabelPattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
export const dnsSubdomainPattern = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

const namePart = '[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?';

/** The key of a label or annotation: a name of at most 63 characters, perhaps behind a domain and a slash. */
export const qualifiedName = z.string().regex(new RegExp(`^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?${namePart}$`), {
  error: 'has a key that must look like NAME or DOMAIN/NAME',
});

/** The value of a label. */
export const labelText = z
  .string()
  .regex(
    new RegExp(`^(${namePart})?$`),
    "must be at most 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
  );

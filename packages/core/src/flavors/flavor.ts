import type { z } from 'zod';
import type { ComponentOf, ComponentType } from '../contracts/component-types.js';

/** Metadata of a configuration field, given with zod's `.meta({…})`. `description` and `deprecated` are zod's own. */
export interface FieldMetadata {
  readonly description: string;
  /** The value is never shown. */
  readonly secret?: boolean;
  /** A value as one would write it on the command line. */
  readonly example?: string;
  readonly deprecated?: boolean;
}

/** A class that the container can make: every parameter of its constructor carries `@inject(Token)`. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- only the container knows what a class asks for
export type ComponentClass<Contract> = new (...dependencies: any[]) => Contract;

/** A strict object of zod, or of `zod/mini` with its `toJSONSchema` (see `withJsonSchema`). */
export type ConfigurationSchema = z.core.$ZodObject & {
  readonly shape: Readonly<Record<string, { safeParse(value: unknown): { readonly success: boolean } }>>;
  safeParse(value: unknown): z.core.util.SafeParseResult<Record<string, unknown>>;
  toJSONSchema(params: z.core.ToJSONSchemaParams): z.core.JSONSchema.BaseSchema;
};

export interface FlavorDefinition<T extends ComponentType, Schema extends ConfigurationSchema> {
  readonly type: T;
  /** As a person writes it: `kaniko`. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** A strict object; the only source of validation, help and documentation. */
  readonly configSchema: Schema;
  /** Loads the class. It runs when a component is used, never to list or register one. */
  readonly implementation: () => Promise<ComponentClass<ComponentOf<T>>>;
}

/** One way to be a component of a type: data, and one factory. */
export type Flavor<T extends ComponentType = ComponentType> = {
  [K in T]: FlavorDefinition<K, ConfigurationSchema>;
}[T];

/** Types a flavor; the schema's output is what its class gets as configuration. */
export function defineFlavor<T extends ComponentType, Schema extends ConfigurationSchema>(
  definition: FlavorDefinition<T, Schema>,
): FlavorDefinition<T, Schema> {
  return definition;
}

/**
 * A schema of `zod/mini` as flavors need it. Loading zod itself takes longer than many a build; what is used of `zod/mini` next to nothing.
 * @param toJSONSchema that of `zod/mini`
 */
export function withJsonSchema<Schema extends z.core.$ZodObject>(
  schema: Schema,
  toJSONSchema: (schema: Schema, params: z.core.ToJSONSchemaParams) => z.core.JSONSchema.BaseSchema,
): Schema & Pick<ConfigurationSchema, 'toJSONSchema'> {
  return Object.assign(schema, { toJSONSchema: (params: z.core.ToJSONSchemaParams) => toJSONSchema(schema, params) });
}

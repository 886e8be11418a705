import * as z from 'zod/mini';
import { componentTypeIds } from '../contracts/component-types.js';
import type { ConfigurationSchema } from '../flavors/flavor.js';
import { checkApiVersion, type Plugin, pluginApiVersion } from './plugin.js';

z.config(z.locales.en());

// A module of somebody else: everything that is used before a component is made is looked at here.
const flavorSchema = z.looseObject({
  type: z.enum(componentTypeIds),
  name: z.string().check(z.minLength(1)),
  description: z.string(),
  configSchema: z.custom(isZodObject, { error: 'must be an object schema of zod 4.2 or newer' }),
  implementation: z.custom((value) => typeof value === 'function', { error: 'must be a function' }),
});

const pluginSchema = z.looseObject({
  apiVersion: z.number(),
  name: z.string().check(z.minLength(1)),
  version: z.string(),
  flavors: z.array(flavorSchema),
});

/** The plugin that a module exports by default. @throws Error that says what is wrong, as part of a sentence */
export function checkPlugin(exported: unknown): Plugin {
  const spoken = z.looseObject({ apiVersion: z.number() }).safeParse(exported);
  // First of all: a plugin for another version may well have another shape.
  if (spoken.success) checkApiVersion(spoken.data.apiVersion);
  const plugin = pluginSchema.safeParse(exported);
  if (!plugin.success) throw new Error(`its default export is no plugin: ${z.prettifyError(plugin.error)}`);
  return exported as Plugin;
}

/**
 * The plugin, or the one flavor, that a module exports; of a flavor, a plugin that is named after the module.
 * @throws Error that says what is wrong, as part of a sentence
 */
export function checkModule(module: object, path: string): Plugin {
  const exported = Object.values(module);
  const flavors = exported.filter((value) => flavorSchema.safeParse(value).success) as Plugin['flavors'];
  // The same flavor may be there twice, by its name and by default.
  if (flavors.length > 0) {
    return { apiVersion: pluginApiVersion, name: path, version: '0.0.0', flavors: [...new Set(flavors)] };
  }
  const exportedByDefault = (module as { default?: unknown }).default;
  if (typeof exportedByDefault === 'object' && exportedByDefault !== null && 'configSchema' in exportedByDefault) {
    const problem = flavorSchema.safeParse(exportedByDefault).error;
    throw new Error(`its default export is no flavor: ${problem === undefined ? '' : z.prettifyError(problem)}`);
  }
  return checkPlugin(exportedByDefault);
}

/** By the schema's own description of itself, as a plugin may bring a zod of its own; before 4.2 they could not give a JSON schema. */
function isZodObject(value: unknown): boolean {
  const schema = value as Partial<ConfigurationSchema> | null | undefined;
  return schema?._zod?.def.type === 'object' && typeof schema.toJSONSchema === 'function';
}

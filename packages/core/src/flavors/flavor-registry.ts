import { type ComponentType, componentType } from '../contracts/component-types.js';
import { suggestion } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';
import type { Flavor } from './flavor.js';

/** A flavor, and the plugin that brought it. */
export interface RegisteredFlavor {
  readonly flavor: Flavor;
  readonly plugin: string;
}

/** The flavors of all plugins that loaded. */
export class FlavorRegistry {
  readonly #flavors = new Map<string, RegisteredFlavor>();

  /** @returns the plugin that already brought a flavor of that type and name, which stays; undefined where it was added */
  add(flavor: Flavor, plugin: string): string | undefined {
    const key = `${flavor.type}/${flavor.name}`;
    const existing = this.#flavors.get(key);
    if (existing !== undefined) return existing.plugin;
    this.#flavors.set(key, { flavor, plugin });
    return undefined;
  }

  list(type?: ComponentType): readonly RegisteredFlavor[] {
    const all = [...this.#flavors.values()];
    return type === undefined ? all : all.filter(({ flavor }) => flavor.type === type);
  }

  /** The flavor, or undefined where no loaded plugin has it. */
  find(type: ComponentType, name: string): Flavor | undefined {
    return this.#flavors.get(`${type}/${name}`)?.flavor;
  }

  /** @throws UsageError `UNKNOWN_FLAVOR` with the nearest name */
  get(type: ComponentType, name: string): Flavor {
    const flavor = this.find(type, name);
    if (flavor !== undefined) return flavor;
    const names = this.list(type).map(({ flavor: known }) => known.name);
    const { title, command } = componentType(type);
    throw new UsageError({
      code: 'UNKNOWN_FLAVOR',
      message: `There is no ${title} flavor '${name}'.`,
      reason: suggestion(name, names),
      fix: `slipway flavor list --type=${command}`,
    });
  }
}

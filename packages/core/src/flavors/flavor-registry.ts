import { type ComponentType, componentType } from '../contracts/component-types.js';
import { suggestion } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';
import type { Plugin } from '../plugins/plugin.js';
import type { Flavor } from './flavor.js';
import type { FlavorDescription } from './flavor-description.js';

/** A flavor, and the plugin that brings it. */
export interface RegisteredFlavor {
  readonly flavor: FlavorDescription;
  readonly plugin: string;
  /** Loads the plugin, if it is not loaded yet. */
  readonly load: () => Promise<Plugin>;
}

/** The flavors of all plugins. To list and describe them loads no plugin whose package describes its flavors itself. */
export class FlavorRegistry {
  readonly #flavors = new Map<string, RegisteredFlavor>();

  /** @returns the plugin that already brought a flavor of that type and name, which stays; undefined where it was added */
  add(registered: RegisteredFlavor): string | undefined {
    const key = `${registered.flavor.type}/${registered.flavor.name}`;
    const existing = this.#flavors.get(key);
    if (existing !== undefined) return existing.plugin;
    this.#flavors.set(key, registered);
    return undefined;
  }

  list(type?: ComponentType): readonly RegisteredFlavor[] {
    const all = [...this.#flavors.values()];
    return type === undefined ? all : all.filter(({ flavor }) => flavor.type === type);
  }

  /** The flavor, or undefined where no plugin has it. */
  find(type: ComponentType, name: string): FlavorDescription | undefined {
    return this.#flavors.get(`${type}/${name}`)?.flavor;
  }

  /** @throws UsageError `UNKNOWN_FLAVOR` with the nearest name */
  get(type: ComponentType, name: string): FlavorDescription {
    return this.#registered(type, name).flavor;
  }

  /** The whole flavor, with its schema; loads its plugin. Throws what `loadWithPlugin` throws. */
  async load(type: ComponentType, name: string): Promise<Flavor> {
    return (await this.loadWithPlugin(type, name)).flavor;
  }

  /** @throws UsageError `UNKNOWN_FLAVOR`; SlipwayError `PLUGIN_BROKEN` */
  async loadWithPlugin(type: ComponentType, name: string): Promise<{ flavor: Flavor; plugin: Plugin }> {
    const plugin = await this.#registered(type, name).load();
    const flavor = plugin.flavors.find((candidate) => candidate.type === type && candidate.name === name);
    if (flavor === undefined) throw new Error(`The plugin '${plugin.name}' has no ${type} flavor '${name}' any more.`);
    return { flavor, plugin };
  }

  #registered(type: ComponentType, name: string): RegisteredFlavor {
    const registered = this.#flavors.get(`${type}/${name}`);
    if (registered !== undefined) return registered;
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

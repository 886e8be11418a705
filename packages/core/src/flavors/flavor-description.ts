import type { ComponentType } from '../contracts/component-types.js';
import { type ConfigurationField, configurationFields } from './configuration-fields.js';
import type { Flavor } from './flavor.js';

/** What is to be known of a flavor without loading its plugin: enough for lists, help and for reading a command line. */
export interface FlavorDescription {
  readonly type: ComponentType;
  readonly name: string;
  readonly description: string;
  readonly fields: readonly ConfigurationField[];
}

/** The description of a flavor; its schema is read when its fields are first asked for. */
export function describeFlavor({ type, name, description, configSchema }: Flavor): FlavorDescription {
  return {
    type,
    name,
    description,
    get fields() {
      return configurationFields(configSchema);
    },
  };
}

/** The fields of a flavor, be it whole or described. */
export function fieldsOf(flavor: Flavor | FlavorDescription): readonly ConfigurationField[] {
  return 'fields' in flavor ? flavor.fields : configurationFields(flavor.configSchema);
}

import { resolve } from 'node:path';
import envPaths from 'env-paths';

/** The folder that holds what is registered. Injected under the symbol of the same name. */
export type ConfigDirectory = string;
export const ConfigDirectory = Symbol.for('@slipway/core/ConfigDirectory');

/** `SLIPWAY_CONFIG_DIR`, else the platform's folder for configuration, e.g. `~/.config/slipway`. */
export function defaultConfigDirectory(environment: NodeJS.ProcessEnv = process.env): ConfigDirectory {
  const given = environment['SLIPWAY_CONFIG_DIR'];
  return given ? resolve(given) : envPaths('slipway', { suffix: '' }).config;
}

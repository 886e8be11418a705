import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DefaultStack } from '@slipway/core';

const manifestPath = fileURLToPath(new URL('../../package.json', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly slipway: { readonly plugins: readonly string[]; readonly defaultStack: DefaultStack };
}

const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as Manifest;

/** What this package's package.json says about the program and the plugins that come with it. */
export const distribution = {
  version: manifest.version,
  /** Names of packages. */
  plugins: manifest.slipway.plugins,
  /** Flavors by type of a fresh installation's stack. */
  defaultStack: manifest.slipway.defaultStack,
  /** The file from which Node resolves those packages. */
  resolvedFrom: manifestPath,
};

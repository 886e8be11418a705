import { pluginManifest } from '@slipway/core';
import { builtinPlugin } from '../../packages/core/dist/src/builtin/builtin-plugin.js';

/** What core says about its own flavors before their schemas load. */
export default function builtinFlavors() {
  const { flavors } = pluginManifest(builtinPlugin, new Uint8Array());
  const content = `import type { FlavorDescription } from '../flavors/flavor-description.js';

/** Generated from the schemas by \`npm run docs\`; a test compares them. */
export const builtinFlavors: readonly FlavorDescription[] = ${JSON.stringify(flavors, null, 2)};
`;
  return [{ path: 'packages/core/src/builtin/builtin-flavors.ts', content }];
}

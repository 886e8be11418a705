import type { ComponentLooks } from '@slipway/core';

/** How components are looked at that cannot look themselves. */
export const componentLooks: ComponentLooks = {
  container_registry: async function* (registry, options) {
    const { checkRegistry } = await import('@slipway/oci');
    yield* checkRegistry(registry, options);
  },
};

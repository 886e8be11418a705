import { z } from 'zod';
import { defineFlavor, definePlugin, type Plugin } from '../../src/index.js';

const configSchema = z.strictObject({
  cluster: z.string().meta({ description: 'Where it builds.' }),
  timeout: z.int().positive().default(300).meta({ description: 'Seconds.' }),
  token: z.string().optional().meta({ description: 'A token.', secret: true }),
});

/** A plugin with image builders: `strict`, which works, and others that are broken in one way each. */
export function testPlugin(): { plugin: Plugin; loads: () => number } {
  let loads = 0;
  const builder = (name: string, implementation: () => Promise<never>) =>
    defineFlavor({
      type: 'image_builder',
      name,
      description: `Is ${name}.`,
      configSchema: z.strictObject({}),
      implementation,
    });
  const plugin = definePlugin({
    apiVersion: 1,
    name: 'test-plugin',
    version: '1.0.0',
    flavors: [
      defineFlavor({
        type: 'image_builder',
        name: 'strict',
        description: 'Demands a remote registry.',
        configSchema,
        implementation: async () => {
          loads += 1;
          return (await import('./test-image-builder.js')).TestImageBuilder;
        },
      }),
      defineFlavor({
        type: 'image_builder',
        name: 'needy',
        description: 'Asks for a registry and cannot do without.',
        configSchema: z.strictObject({}),
        implementation: async () => (await import('./needy-image-builder.js')).NeedyImageBuilder,
      }),
      defineFlavor({
        type: 'image_builder',
        name: 'choosy',
        description: 'Refuses to be made, and says why.',
        configSchema: z.strictObject({}),
        implementation: async () => (await import('./choosy-image-builder.js')).ChoosyImageBuilder,
      }),
      builder('exploding', () => Promise.reject<never>(new Error('its SDK is missing'))),
      builder('hollow', () => Promise.resolve(undefined as never)),
    ],
    bindings: async () => {
      const [{ ContainerModule }, { Greeter }] = await Promise.all([import('inversify'), import('./greeter.js')]);
      return new ContainerModule(({ bind }) => {
        bind(Greeter).toSelf();
      });
    },
  });
  return { plugin, loads: () => loads };
}

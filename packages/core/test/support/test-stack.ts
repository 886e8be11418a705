import { type ComponentType, createSlipway, type Slipway, type Stack } from '../../src/index.js';
import type { TestImageBuilder } from './test-image-builder.js';
import { testPlugin } from './test-plugin.js';

/** Registers components of one name as the stack `test`, beside a `strict` image builder, and makes it. */
export async function testStack(
  configDirectory: string,
  components: Partial<Record<ComponentType, { flavor: string; configuration: Record<string, unknown> }>>,
): Promise<{ slipway: Slipway; builder: TestImageBuilder; stack: Stack }> {
  const slipway = await createSlipway({ configDirectory, plugins: [testPlugin().plugin] });
  const all = { image_builder: { flavor: 'strict', configuration: { cluster: 'dev' } }, ...components };
  const names: Partial<Record<ComponentType, string>> = {};
  for (const [type, component] of Object.entries(all) as [ComponentType, (typeof all)['image_builder']][]) {
    await slipway.components.register({ type, name: 'it', ...component });
    names[type] = 'it';
  }
  await slipway.stacks.register('test', names);
  const builder = (await slipway.imageBuilder('test')) as TestImageBuilder;
  return { slipway, builder, stack: builder.stack };
}

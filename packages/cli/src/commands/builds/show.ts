import { defineCommand, outputOptions } from '../../command/command.js';
import { buildColumns, buildDetailsView, buildSections } from '../../views/build-view.js';
import { buildIdArgument, stackOption } from './build-id.js';

export const showBuild = defineCommand({
  path: ['builds', 'show'],
  summary:
    'Show one build: how it went, how long its stages took, what its cache had; as JSON or YAML its manifest too.',
  arguments: buildIdArgument,
  options: { ...stackOption, ...outputOptions(buildColumns) },
  examples: ['slipway builds show k7m2p9x4qa', 'slipway builds show k7m2p9x4qa -o yaml'],
  async handler({ arguments: { id }, options }, context) {
    const slipway = await context.slipway();
    const view = buildDetailsView(await slipway.builds.show(id, { stack: options.stack }));
    await context.output.describe(view, buildColumns, {
      chosen: options.columns,
      sections: () => buildSections(view),
    });
  },
});

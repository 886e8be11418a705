import { defineCommand } from '../../command/command.js';
import { stackOption } from './build-id.js';

export const pruneBuilds = defineCommand({
  path: ['builds', 'prune'],
  summary: "Remove the image builder's builds that have ended from the cluster, and print their ids.",
  arguments: {},
  options: {
    history: { type: 'flag', summary: "Forget this machine's history as well." },
    ...stackOption,
  },
  examples: ['slipway builds prune', 'slipway builds prune --history'],
  async handler({ options }, context) {
    const slipway = await context.slipway();
    const { output } = context;
    if (options.history) output.note(`Forgotten: ${await slipway.builds.forget()} builds of this machine's history.`);
    const ids = await slipway.builds.prune({ stack: options.stack });
    for (const id of ids) output.data(id);
    output.note(ids.length === 0 ? 'No build had ended in the cluster.' : `Removed: ${ids.length} builds.`);
  },
});

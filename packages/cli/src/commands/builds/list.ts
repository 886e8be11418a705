import { defineCommand, outputOptions } from '../../command/command.js';
import { buildColumns, buildView } from '../../views/build-view.js';
import { stackOption } from './build-id.js';

const over: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

export const listBuilds = defineCommand({
  path: ['builds', 'list'],
  summary: 'List the builds that run in the cluster, those whose result is kept there, and those of the history.',
  arguments: {},
  options: {
    running: { type: 'flag', summary: 'Only those that have not ended.' },
    ...stackOption,
    ...outputOptions(buildColumns),
  },
  examples: ['slipway builds list', 'slipway builds list --running -o json'],
  async handler({ options }, context) {
    const slipway = await context.slipway();
    const builds = await slipway.builds.list({ stack: options.stack });
    const views = builds.filter(({ state }) => !options.running || !over.has(state)).map(buildView);
    await context.output.list(views, buildColumns, {
      chosen: options.columns,
      whenEmpty: options.running ? 'No build runs.' : 'There are no builds.',
    });
  },
});

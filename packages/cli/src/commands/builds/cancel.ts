import { defineCommand } from '../../command/command.js';
import { buildIdArgument, stackOption } from './build-id.js';

export const cancelBuild = defineCommand({
  path: ['builds', 'cancel'],
  summary: 'End a build that runs in the cluster, and remove what belongs to it.',
  arguments: { id: { ...buildIdArgument.id, summary: 'The build, by its id. May be repeated.', several: true } },
  options: stackOption,
  examples: ['slipway builds cancel k7m2p9x4qa', 'slipway builds cancel k7m2p9x4qa 9xw4m2pq7a --stack=prod'],
  async handler({ arguments: { id: ids }, options }, context) {
    const slipway = await context.slipway();
    for (const id of ids) {
      await slipway.builds.cancel(id, { stack: options.stack });
      context.output.note(`The build '${id}' was removed from the cluster.`);
    }
  },
});

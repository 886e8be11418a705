import { defineCommand } from '../../command/command.js';
import { stackOption } from './build-id.js';

export const pruneBuilds = defineCommand({
  path: ['builds', 'prune'],
  summary: "Remove the image builder's builds that have ended, or lost their client in the queue, and print their ids.",
  arguments: {},
  options: {
    history: { type: 'flag', summary: "Forget this machine's history as well." },
    ...stackOption,
  },
  examples: ['slipway builds prune', 'slipway builds prune --history'],
  async handler({ options }, context) {
    const slipway = await context.slipway();
    const { output } = context;
    if (options.history) output.note(`Forgotten of this machine's history: ${builds(await slipway.builds.forget())}.`);
    const ids = await slipway.builds.prune({ stack: options.stack });
    for (const id of ids) output.data(id);
    const { name } = (await slipway.imageBuilder(options.stack)).info;
    output.note(
      ids.length === 0
        ? `No build of the image builder '${name}' has ended or lost its client in the queue.`
        : `Removed: ${builds(ids.length)} of the image builder '${name}'.`,
    );
  },
});

function builds(count: number): string {
  return count === 1 ? '1 build' : `${count} builds`;
}

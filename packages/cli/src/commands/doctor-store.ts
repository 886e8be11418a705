import { defineCommand, outputOptions } from '../command/command.js';
import { checkColumns, storeCheckViews } from '../views/check-view.js';
import { runDoctor } from './run-doctor.js';

export const doctorOfStore = defineCommand({
  path: ['doctor', 'store'],
  summary: 'Look at the files that registrations and secrets are kept in, and mend them where that is asked for.',
  arguments: {},
  options: {
    repair: {
      type: 'flag',
      summary: 'Go back to what was before the last change where a file is broken, and mend permissions and leftovers.',
    },
    ...outputOptions(checkColumns),
  },
  examples: ['slipway doctor store', 'slipway doctor store --repair'],
  async handler({ options }, context) {
    const slipway = await context.slipway();
    return runDoctor(
      async () => {
        if (!options.repair) return storeCheckViews(await slipway.checkStore());
        const { repaired, checks } = await slipway.repairStore();
        for (const what of repaired) context.output.note(what);
        return storeCheckViews(checks);
      },
      context.output,
      options.columns,
    );
  },
});

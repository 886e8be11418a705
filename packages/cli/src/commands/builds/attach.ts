import { cancellation } from '../../cancellation.js';
import { defineCommand } from '../../command/command.js';
import { errorReport } from '../../output/error-report.js';
import { shownProgress } from '../build/shown-progress.js';
import { progressModes } from '../../output/progress/progress-mode.js';
import { buildIdArgument, stackOption } from './build-id.js';
import { tailOption, tailOf } from './tail.js';

export const attachToBuild = defineCommand({
  path: ['builds', 'attach'],
  summary: 'Follow a build in the cluster to its result; Ctrl-C stops following, and the build goes on.',
  arguments: buildIdArgument,
  options: {
    ...tailOption,
    progress: {
      type: 'text',
      placeholder: 'MODE',
      choices: progressModes,
      summary: 'How to show the build: auto (default), tty, plain, quiet or rawjson.',
    },
    ...stackOption,
  },
  examples: ['slipway builds attach k7m2p9x4qa', 'slipway builds attach k7m2p9x4qa --tail=20'],
  async handler({ arguments: { id }, options }, context) {
    const slipway = await context.slipway();
    const progress = await shownProgress(options.progress, context);
    const cancel = cancellation(() => undefined);
    try {
      const result = await slipway.builds.attach(id, {
        stack: options.stack,
        tail: tailOf(options.tail),
        signal: cancel.signal,
        onEvent: (event) => progress.show(event),
      });
      progress.end();
      for (const { reference } of result.images) context.output.data(reference);
      return 0;
    } catch (error) {
      progress.end();
      if (cancel.exitCode === undefined) throw error;
      context.output.error(errorReport(error));
      return cancel.exitCode;
    } finally {
      cancel.stop();
    }
  },
});

import { cancellation } from '../../cancellation.js';
import { defineCommand } from '../../command/command.js';
import { printable } from '../../output/printable.js';
import { buildIdArgument, stackOption } from './build-id.js';
import { tailOption, tailOf } from './tail.js';

export const showLogs = defineCommand({
  path: ['builds', 'logs'],
  summary: 'Print what a build in the cluster has printed.',
  arguments: buildIdArgument,
  options: {
    follow: { type: 'flag', letter: 'f', summary: 'Go on with what it prints, until it ends.' },
    ...tailOption,
    ...stackOption,
  },
  examples: ['slipway builds logs k7m2p9x4qa', 'slipway builds logs k7m2p9x4qa -f --tail=20'],
  async handler({ arguments: { id }, options }, context) {
    const slipway = await context.slipway();
    const { follow, stack } = options;
    // The build is not ours to cancel: Ctrl-C ends only the printing.
    const cancel = cancellation(() => undefined);
    try {
      const lines = slipway.builds.logs(id, { follow, stack, tail: tailOf(options.tail), signal: cancel.signal });
      for await (const line of lines) context.output.data(printable(line.trimEnd()));
      return cancel.exitCode ?? 0;
    } finally {
      cancel.stop();
    }
  },
});

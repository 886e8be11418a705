import { createSlipway, type Logger, type Slipway } from '@slipway/core';
import { distribution } from './distribution.js';
import type { Output } from './output/output.js';
import { wantedPlugins } from './plugin-sources.js';

/** Finds the plugins and opens the store, with the stack, where one is given, as the active one. A plugin that does not load is a warning. */
export async function openSlipway(output: Output, stack?: string): Promise<Slipway> {
  const wanted = await wantedPlugins();
  const slipway = await createSlipway({
    plugins: wanted.plugins,
    defaultStack: distribution.defaultStack,
    logger: loggerTo(output),
    stack,
  });
  for (const { packageName, message } of [...wanted.problems, ...slipway.pluginProblems]) {
    output.warning({
      message: `The plugin '${packageName}' does not work, and flavors of it are missing.`,
      reason: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`,
      fix: 'slipway plugin list',
    });
  }
  return slipway;
}

function loggerTo(output: Output): Logger {
  return {
    debug: (message) => {
      if (process.env['SLIPWAY_DEBUG'] === '1') output.note(message);
    },
    info: (message) => output.note(message),
    warn: (message) => output.warning({ message }),
  };
}

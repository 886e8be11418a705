import { createSlipway, type Logger, type Slipway } from '@slipway/core';
import { distribution } from './distribution.js';
import type { Output } from './output/output.js';

/** Loads the plugins of the distribution and opens the store. A plugin that does not load is a warning. */
export async function openSlipway(output: Output): Promise<Slipway> {
  const from = distribution.resolvedFrom;
  const slipway = await createSlipway({
    plugins: distribution.plugins.map((packageName) => ({ packageName, from })),
    defaultStack: distribution.defaultStack,
    logger: loggerTo(output),
  });
  for (const { packageName, message } of slipway.pluginProblems) {
    output.warning({
      message: `The plugin '${packageName}' could not be loaded, and its flavors are missing.`,
      reason: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`,
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

import { suggestion, UsageError } from '@slipway/core';
import { defineCommand } from '../../command/command.js';
import { distribution } from '../../distribution.js';

// `@slipway/plugin-kaniko` is what ZenML calls the integration `kaniko`.
const known = distribution.plugins.map((packageName) => packageName.replace(/^.*\/plugin-/, ''));

export const installIntegration = defineCommand({
  path: ['integration', 'install'],
  summary: 'Does nothing but say so, for command lines of ZenML: the plugins come with Slipway.',
  arguments: { names: { required: true, several: true, summary: 'Which.' } },
  options: { yes: { type: 'flag', letter: 'y', summary: 'Taken and ignored: there is nothing to confirm.' } },
  examples: ['slipway integration install kaniko', 'slipway integration install kaniko -y'],
  handler(input, { output }) {
    for (const name of input.arguments.names) {
      if (!known.includes(name)) throw unknownIntegration(name);
    }
    for (const name of new Set(input.arguments.names)) {
      output.note(`${name} comes with Slipway; nothing is to be installed.`);
    }
    return Promise.resolve();
  },
});

function unknownIntegration(name: string): UsageError {
  return new UsageError({
    code: 'UNKNOWN_INTEGRATION',
    message: `There is no integration '${name}'.`,
    reason: suggestion(name, known),
    fix: 'slipway flavor list',
  });
}

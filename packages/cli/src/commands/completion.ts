import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { suggestion, UsageError } from '@slipway/core';
import { defineCommand } from '../command/command.js';
import { distribution } from '../distribution.js';

const shells = ['bash', 'zsh', 'fish'] as const;

export const completion = defineCommand({
  path: ['completion'],
  summary: 'Print a script that lets a shell complete command lines: bash, zsh or fish.',
  arguments: { shell: { required: true, summary: `${shells.join(', ')}.`, complete: () => shells } },
  options: {},
  examples: [
    'slipway completion bash > ~/.local/share/bash-completion/completions/slipway',
    'slipway completion fish > ~/.config/fish/completions/slipway.fish',
  ],
  async handler(input, { output }) {
    const shell = shells.find((name) => name === input.arguments.shell);
    if (shell === undefined) {
      throw new UsageError({
        code: 'UNKNOWN_SHELL',
        message: `There is no completion for '${input.arguments.shell}'.`,
        reason: suggestion(input.arguments.shell, shells),
        fix: 'slipway completion --help',
      });
    }
    // Scripts of the package, beside its package.json.
    const path = join(dirname(distribution.resolvedFrom), 'completions', `slipway.${shell}`);
    output.data((await readFile(path, 'utf8')).trimEnd());
  },
});

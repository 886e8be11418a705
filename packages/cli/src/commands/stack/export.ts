import { writeFile } from 'node:fs/promises';
import { SlipwayError, UsageError } from '@slipway/core';
import { defineCommand } from '../../command/command.js';
import { stackNames, stackOption } from '../../command/common-options.js';

export const exportStack = defineCommand({
  path: ['stack', 'export'],
  summary: 'Write a stack and its components as YAML, which `stack import` reads on another machine.',
  arguments: {
    name: { summary: 'Which; by default the active stack.', complete: stackNames },
    file: { summary: 'Where to; standard output by default, or as -.', complete: 'files' },
  },
  options: { force: { type: 'flag', summary: 'Write over a file that is there.' }, ...stackOption },
  examples: ['slipway stack export prod prod.yaml', 'slipway stack export | ssh host slipway stack import -'],
  async handler(input, { slipway, output }) {
    const { name, file } = input.arguments;
    const { document, warnings } = await (await slipway()).stacks.export(name);
    const { stringify } = await import('yaml');
    const text = stringify(document, { lineWidth: 0, aliasDuplicateObjects: false });
    output.warnings(warnings);
    if (file === undefined || file === '-') return output.data(text.trimEnd());
    await write(file, text, input.options.force);
    output.note(`Exported the stack '${document.name}' to ${file}.`);
  },
});

async function write(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new UsageError({
        code: 'FILE_EXISTS',
        message: `The file '${file}' is already there.`,
        fix: 'Name another, or write over it with --force.',
        cause: error,
      });
    }
    throw new SlipwayError({
      code: 'FILE_UNWRITABLE',
      message: `The file '${file}' cannot be written.`,
      reason: code === 'ENOENT' ? 'Its folder does not exist.' : `${(error as Error).message}.`,
      fix: 'Name a file in a folder that is there and that you may write to.',
      cause: error,
    });
  }
}

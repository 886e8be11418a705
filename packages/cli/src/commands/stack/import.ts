import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { componentType, SlipwayError, type StackImport, type StackImportOptions, UsageError } from '@slipway/core';
import { type CommandContext, defineCommand } from '../../command/command.js';
import { noValidateOption } from '../../command/common-options.js';
import { namedValues } from '../../command/named-values.js';
import { errorReport } from '../../output/error-report.js';
import { confirm } from '../../prompt/confirm.js';
import { hasTerminal } from '../../prompt/need-terminal.js';

export const importStack = defineCommand({
  path: ['stack', 'import'],
  summary: 'Register a stack and its components as `stack export` wrote them.',
  arguments: {
    file: {
      required: true,
      summary: 'The file, - for standard input; with -f the name of the stack.',
      complete: 'files',
    },
  },
  options: {
    filename: {
      type: 'text',
      letter: 'f',
      placeholder: 'FILE',
      summary: 'The file, as ZenML has it.',
      complete: 'files',
    },
    rename: {
      type: 'texts',
      placeholder: 'OLD=NEW',
      summary: 'Another name here; stack/OLD or image_builder/OLD where only that is meant. May be repeated.',
    },
    replace: { type: 'flag', summary: 'Replace what is here under the same name and differs.' },
    set: { type: 'flag', summary: 'Make it the active stack.' },
    ...noValidateOption,
  },
  examples: ['slipway stack import prod.yaml', 'slipway stack import prod.yaml --rename default=builder --set'],
  async handler(input, context) {
    const { file } = input.arguments;
    const { filename, rename, replace, set, 'no-validate': unchecked } = input.options;
    const document = await readDocument(filename ?? file);
    const names = namedValues('rename', rename);
    if (filename !== undefined) names[`stack/${nameOf(document)}`] = file;
    const imported = await importOrAsk(
      document,
      { rename: names, replace, activate: set, validate: !unchecked },
      context,
    );
    if (imported === undefined) return 1;
    tellImport(imported, context);
    return 0;
  },
});

/** A person on a terminal is asked whether to replace what differs; everybody else is told which flag says so. */
async function importOrAsk(
  document: unknown,
  options: StackImportOptions,
  { slipway, output }: CommandContext,
): Promise<StackImport | undefined> {
  const { stacks } = await slipway();
  try {
    return await stacks.import(document, options);
  } catch (error) {
    if (!SlipwayError.is(error) || error.code !== 'IMPORT_CONFLICT' || !hasTerminal()) throw error;
    output.error(errorReport(error));
    if (await confirm('Replace what is here?', '', '--replace'))
      return stacks.import(document, { ...options, replace: true });
    return undefined;
  }
}

function tellImport({ stack, outcome, components, warnings }: StackImport, { output }: CommandContext): void {
  output.note(
    [
      [outcome, ...components.map((part) => part.outcome)].every((how) => how === 'reused')
        ? `Nothing changed: the stack '${stack.name}' was like that already.`
        : `Imported the stack '${stack.name}'${outcome === 'replaced' ? ', in place of another' : ''}:`,
      ...components.map(
        ({ component, outcome: how }) => `  ${componentType(component.type).title} '${component.name}': ${how}`,
      ),
    ].join('\n'),
  );
  output.warnings(warnings);
}

/** @throws UsageError `UNREADABLE_FILE`, `STACK_DOCUMENT_INVALID` */
async function readDocument(file: string): Promise<unknown> {
  const content = file === '-' ? await text(process.stdin) : await readText(file);
  const { parse } = await import('yaml');
  try {
    return parse(content) as unknown;
  } catch (error) {
    throw new UsageError({
      code: 'STACK_DOCUMENT_INVALID',
      message: `${file === '-' ? 'Standard input' : `'${file}'`} is not YAML.`,
      reason: error instanceof Error ? `${(error.message.split('\n', 1)[0] ?? '').replace(/:$/, '')}.` : undefined,
      fix: 'Write one where the stack is: slipway stack export > stack.yaml',
      cause: error,
    });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError({
      code: 'UNREADABLE_FILE',
      message: `The file '${file}' cannot be read.`,
      reason:
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'It does not exist.' : `${(error as Error).message}.`,
      fix: 'Write one where the stack is: slipway stack export > stack.yaml',
      cause: error,
    });
  }
}

function nameOf(document: unknown): string {
  const { name } = (document ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : '';
}

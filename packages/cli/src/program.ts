import { defaultConfigDirectory, type FlavorDescription, type Slipway } from '@slipway/core';
import type { Command, CommandContext } from './command/command.js';
import { CommandTree } from './command/command-tree.js';
import { globalOptions } from './command/global-options.js';
import { commandHelp, nounHelp, topicHelp } from './command/help.js';
import { parseCommandLine } from './command/parse-command-line.js';
import { topics } from './command/topics.js';
import { commands, nouns } from './commands/index.js';
import { errorReport } from './output/error-report.js';
import { Output } from './output/output.js';
import { ignoreBrokenPipes, lostOutput } from './output/output-streams.js';
import { Settings } from './settings/settings.js';

/** Loads plugins and opens the store. @param stack the active one, whatever else says so */
export type OpenSlipway = (output: Output, stack?: string) => Promise<Slipway>;

/** Finds the command, runs it, and tells what went wrong. @returns the exit code */
export async function runProgram(line: readonly string[], open: OpenSlipway): Promise<number> {
  ignoreBrokenPipes();
  const { args, plain, format } = globalOptions(line);
  const settings = new Settings(defaultConfigDirectory());
  const printing = { colour: plain ? 'never' : settings.value('color') } as const;
  let output = new Output(format ?? 'table', printing);
  const report = (error: unknown): number => {
    const described = errorReport(error);
    output.error(described);
    return described.exitCode;
  };
  // What nobody waits for, e.g. an event of a connection.
  const leave = (error: Error): never => process.exit(report(error));
  process.on('uncaughtException', leave);
  try {
    output = new Output(format ?? settings.value('output'), printing);
    const tree = new CommandTree(commands, nouns);
    if (args[0] === '__complete') return await printCompletions(args.slice(1), output, settings, tree, open);
    const topic = args[0] === 'help' ? topics.find(({ name }) => name === args[1]) : undefined;
    if (topic !== undefined) {
      output.data(topicHelp(topic, output.width));
      return 0;
    }
    const target = tree.find(args[0] === 'help' ? [...args.slice(1), '--help'] : args);
    if ('noun' in target) {
      output.data(nounHelp(tree, target.noun, output.width));
      return 0;
    }
    const { command, rest } = target;
    // `-o` was looked for before the command was known, and may mean something else to it.
    if (!('output' in command.options)) output = new Output(settings.value('output'), printing);
    if (settings.problem !== undefined) {
      output.warning({
        message: `The settings ${settings.path} cannot be read, and count for nothing.`,
        reason: `${settings.problem}.`,
        fix: 'Mend the file, or remove it.',
      });
    }
    const exitCode = await runCommand(command, rest, contextFor(output, settings, tree, open));
    const lost = lostOutput();
    return lost === undefined ? exitCode : report(lost);
  } catch (error) {
    return report(error);
  } finally {
    process.off('uncaughtException', leave);
  }
}

/** For the scripts of `slipway completion`, in whose midst nothing else may be printed. */
async function printCompletions(
  line: readonly string[],
  output: Output,
  settings: Settings,
  tree: CommandTree,
  open: OpenSlipway,
): Promise<number> {
  const silent = new Output('table', { stderr: { write: () => true } });
  try {
    const { complete } = await import('./completion/complete.js');
    const { words, paths } = await complete(line, contextFor(silent, settings, tree, open));
    output.data([...words.map(({ word, about = '' }) => `${word}\t${about}`), `:${paths}`].join('\n'));
  } catch {
    // Somebody is in the midst of a line that is wrong as yet.
  }
  return 0;
}

async function runCommand(command: Command, args: readonly string[], context: ProgramContext): Promise<number> {
  if (asksForHelp(args)) {
    context.output.data(await helpFor(command, args, context));
    return 0;
  }
  const input = await parseCommandLine(
    command,
    args,
    async (options) => command.attributes?.flavors(await context.slipway(), options) ?? [],
  );
  const { stack } = input.options;
  return (await command.handler(input, typeof stack === 'string' ? context.withStack(stack) : context)) ?? 0;
}

interface ProgramContext extends CommandContext {
  /** The same with another active stack. */
  withStack(stack: string): CommandContext;
}

function contextFor(output: Output, settings: Settings, tree: CommandTree, open: OpenSlipway): ProgramContext {
  const opening = (stack?: string) => {
    let opened: Promise<Slipway> | undefined;
    return () => (opened ??= open(output, stack));
  };
  const context = { output, settings, tree };
  return {
    ...context,
    slipway: opening(),
    withStack: (stack) => ({ ...context, slipway: opening(stack) }),
  };
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}

async function helpFor(command: Command, args: readonly string[], context: CommandContext): Promise<string> {
  const { width } = context.output;
  if (command.attributes === undefined) return commandHelp(command, { width });
  const slipway = await context.slipway();
  const flavors: readonly FlavorDescription[] = slipway.flavors
    .list(command.attributes.type)
    .map(({ flavor }) => flavor);
  // The line is not parsed, as it need not be complete; its flavor is one of its words or a value.
  const words = new Set(args.map((arg) => arg.replace(/^(--flavor=|-f=?)/, '')));
  return commandHelp(command, { flavors, chosen: flavors.find(({ name }) => words.has(name)), width });
}

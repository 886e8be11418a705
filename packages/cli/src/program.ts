import type { Flavor, Slipway } from '@slipway/core';
import type { Command, CommandContext } from './command/command.js';
import { CommandTree } from './command/command-tree.js';
import { commandHelp, nounHelp } from './command/help.js';
import { parseCommandLine } from './command/parse-command-line.js';
import { commands, nouns } from './commands/index.js';
import { errorReport } from './output/error-report.js';
import { ignoreBrokenPipes, lostOutput } from './output/output-streams.js';
import { Output, type OutputFormat } from './output/output.js';

/** Loads plugins and opens the store. */
export type OpenSlipway = (output: Output) => Promise<Slipway>;

/** Finds the command, runs it, and tells what went wrong. @returns the exit code */
export async function runProgram(args: readonly string[], open: OpenSlipway): Promise<number> {
  ignoreBrokenPipes();
  let output = new Output(formatOf(args));
  const report = (error: unknown): number => {
    const described = errorReport(error);
    output.error(described);
    return described.exitCode;
  };
  // What nobody waits for, e.g. an event of a connection.
  const leave = (error: Error): never => process.exit(report(error));
  process.on('uncaughtException', leave);
  try {
    const tree = new CommandTree(commands, nouns);
    const target = tree.find(args[0] === 'help' ? [...args.slice(1), '--help'] : args);
    if ('noun' in target) {
      output.data(nounHelp(tree, target.noun));
      return 0;
    }
    const { command, rest } = target;
    if (!('output' in command.options)) output = new Output('table');
    const exitCode = await runCommand(command, rest, contextFor(output, open));
    const lost = lostOutput();
    return lost === undefined ? exitCode : report(lost);
  } catch (error) {
    return report(error);
  } finally {
    process.off('uncaughtException', leave);
  }
}

async function runCommand(command: Command, args: readonly string[], context: CommandContext): Promise<number> {
  if (asksForHelp(args)) {
    context.output.data(await helpFor(command, args, context));
    return 0;
  }
  const input = await parseCommandLine(
    command,
    args,
    async (options) => command.attributes?.flavors(await context.slipway(), options) ?? [],
  );
  return (await command.handler(input, context)) ?? 0;
}

function contextFor(output: Output, open: OpenSlipway): CommandContext {
  let opened: Promise<Slipway> | undefined;
  return { output, slipway: () => (opened ??= open(output)) };
}

/** Needed before anything is parsed, as parsing may fail. */
function formatOf(args: readonly string[]): OutputFormat {
  const json = args.some(
    (arg, index) =>
      /^(-o=?|--output=)json$/.test(arg) || (arg === 'json' && /^(-o|--output)$/.test(args[index - 1] ?? '')),
  );
  return json ? 'json' : 'table';
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}

async function helpFor(command: Command, args: readonly string[], context: CommandContext): Promise<string> {
  if (command.attributes === undefined) return commandHelp(command, []);
  const slipway = await context.slipway();
  const flavors: readonly Flavor[] = slipway.flavors.list(command.attributes.type).map(({ flavor }) => flavor);
  // The line is not parsed, as it need not be complete; its flavor is one of its words or a value.
  const words = new Set(args.map((arg) => arg.replace(/^(--flavor=|-f=?)/, '')));
  return commandHelp(
    command,
    flavors,
    flavors.find(({ name }) => words.has(name)),
  );
}

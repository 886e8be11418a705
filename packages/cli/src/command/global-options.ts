import { type OutputFormat, outputFormats } from '../output/output.js';

/** What every command takes, and what must be known before a line is parsed, as parsing may fail. */
export interface GlobalOptions {
  /** The line without what belongs to no command. */
  readonly args: readonly string[];
  /** Whether it says `--no-color`. */
  readonly plain: boolean;
  /** What `-o` seems to say. */
  readonly format: OutputFormat | undefined;
}

export function globalOptions(line: readonly string[]): GlobalOptions {
  const end = line.indexOf('--');
  const before = end === -1 ? line : line.slice(0, end);
  const args = before.filter((arg) => arg !== '--no-color');
  const format = args
    .map((arg, index) =>
      /^(-o|--output)$/.test(arg) ? args[index + 1] : /^(?:-o=?|--output=)(?<value>.+)$/.exec(arg)?.groups?.['value'],
    )
    .find((value) => outputFormats.includes(value as OutputFormat));
  return {
    args: end === -1 ? args : [...args, ...line.slice(end)],
    plain: args.length < before.length,
    format: format as OutputFormat | undefined,
  };
}

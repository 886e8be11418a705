import { needTerminal } from './need-terminal.js';

/**
 * Asks a person on the terminal. Anything but yes is no.
 * @param demand what has to be confirmed, for where there is nobody to ask
 * @param flag what says yes without being asked
 * @throws UsageError `NEEDS_TERMINAL` where there is nobody to ask
 */
export async function confirm(question: string, demand: string, flag: string): Promise<boolean> {
  needTerminal(demand, flag);
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl-D is no; Ctrl-C ends the process as it always does.
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    lines.once('SIGINT', () => {
      process.stderr.write('\n');
      process.exit(130);
    });
    const answer = await Promise.race([lines.question(`${question} [y/N] `), ended]);
    return /^(y|yes)$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

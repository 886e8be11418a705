import { Writable } from 'node:stream';
import { needTerminal } from './need-terminal.js';

/**
 * Asks a person on the terminal for something that is not shown while it is written.
 * @param instead what to write on the command line so that nothing needs to be asked
 * @throws UsageError `NEEDS_TERMINAL` where there is nobody to ask
 */
export async function askSecret(question: string, instead: string): Promise<string> {
  needTerminal(
    `The ${question.charAt(0).toLowerCase()}${question.slice(1).replace(/:? *$/, '')} has to be given.`,
    instead,
  );
  process.stderr.write(question);
  // Readline edits the line, and shows it nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    lines.once('SIGINT', () => {
      process.stderr.write('\n');
      process.exit(130);
    });
    return await new Promise<string>((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

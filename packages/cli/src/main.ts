import * as nodeModule from 'node:module';
import type { CompileCache } from './compile-cache.js';
import { distribution } from './distribution.js';
import { ensureHomeFolder } from './home-folder.js';

/**
 * Runs one command line. Data goes to standard output, everything else to standard error; nothing is thrown.
 * @param args what follows `slipway`
 * @returns the exit code: 0 done, 1 failed, 2 wrong call, 130 and 143 cancelled
 */
export async function main(args: readonly string[]): Promise<number> {
  if (args[0] === '--version') {
    process.stdout.write(`${distribution.version}\n`);
    return 0;
  }
  ensureHomeFolder();
  const { enableCompileCache } = nodeModule as CompileCache;
  if (enableCompileCache !== undefined) (await import('./compile-cache.js')).keepCompiledCode(enableCompileCache);
  // Loaded here, so that `--version` costs nothing.
  const [{ runProgram }, { openSlipway }] = await Promise.all([import('./program.js'), import('./open-slipway.js')]);
  return runProgram(args, openSlipway);
}

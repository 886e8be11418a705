import { SlipwayError } from '@slipway/core';

/**
 * Runs npm in a folder; what it prints is shown only where it fails. Install scripts of packages do not run: a plugin is code that
 * Slipway loads, not something to be built on this machine.
 * @throws SlipwayError `PLUGIN_INSTALL_FAILED`
 */
export async function npm(folder: string, ...args: readonly string[]): Promise<void> {
  const line = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { spawn } = await import('node:child_process');
  const child = spawn('npm', line, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const failure = await new Promise<string | undefined>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : lastLines(stderr) || `npm ended with ${code}.`));
  });
  if (failure === undefined) return;
  throw new SlipwayError({
    code: 'PLUGIN_INSTALL_FAILED',
    message: `npm could not ${args[0]} ${args.slice(1).join(' ')}.`,
    reason: failure,
    fix: 'Check the name of the package and the connection to the registry, or add it by the path of its folder.',
  });
}

function lastLines(text: string): string {
  const lines = text.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?(code \S+)?/, '').trim());
  return lines
    .filter((line) => line !== '' && !/^(A complete log|Log files)/.test(line))
    .slice(0, 3)
    .join('\n');
}

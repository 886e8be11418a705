import { userInfo } from 'node:os';

/**
 * Gives the environment a `HOME` where it has none, or an empty one: libraries ask for it as they load, and would fail, or take the folder
 * that one stands in. A user that the system does not know, as in many containers, has `/`, as container runtimes have it.
 */
export function ensureHomeFolder(
  environment: NodeJS.ProcessEnv = process.env,
  homeOfUser: () => string = () => userInfo().homedir,
): void {
  if (environment['HOME'] || process.platform === 'win32') return;
  try {
    environment['HOME'] = homeOfUser() || '/';
  } catch {
    environment['HOME'] = '/';
  }
}

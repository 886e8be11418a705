import { appendFileSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

// Preloaded with `--import`, it registers itself as the loader's hooks, and notes the address of every module that loads.
if (isMainThread) register(import.meta.url);

export function load(url: string, context: object, next: (url: string, context: object) => unknown): unknown {
  const path = process.env['SLIPWAY_TEST_MODULES'];
  if (path !== undefined) appendFileSync(path, `${url}\n`);
  return next(url, context);
}

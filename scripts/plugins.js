import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of the plugins of this repository, relative to it. */
export const plugins = readdirSync(join(import.meta.dirname, '..', 'plugins'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `plugins/${name}`);

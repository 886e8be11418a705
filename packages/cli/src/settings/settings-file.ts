import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SlipwayError, takeLock } from '@slipway/core';
import type { SettingName } from './setting-definitions.js';

/**
 * Sets a setting in the user's file, or takes it out. Other processes may do so at the same time.
 * @param path of `settings.json`
 * @param value undefined takes it out
 * @throws SlipwayError `SETTINGS_UNWRITABLE`
 */
export async function writeSetting(path: string, name: SettingName, value: string | undefined): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const hold = await takeLock(path);
    try {
      const { default: Conf } = await import('conf');
      // Made within the lock, since it reads the file when it is made. Its own replacement is atomic, but loses what others wrote.
      const file = new Conf<Record<string, string>>({
        cwd: dirname(path),
        configName: basename(path, '.json'),
        configFileMode: 0o600,
        clearInvalidConfig: false,
        accessPropertiesByDotNotation: false,
      });
      if (value === undefined) file.delete(name);
      else file.set(name, value);
    } finally {
      await hold.release();
    }
  } catch (error) {
    throw new SlipwayError({
      code: 'SETTINGS_UNWRITABLE',
      message: `The settings ${path} cannot be written.`,
      reason: error instanceof Error ? `${error.message}.` : undefined,
      fix: 'Mend the file, or remove it to begin afresh; or choose another folder with SLIPWAY_CONFIG_DIR.',
      cause: error,
    });
  }
}

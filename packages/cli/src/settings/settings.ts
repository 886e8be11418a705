import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggestion, UsageError } from '@slipway/core';
import {
  settingDefinitions,
  type SettingDefinition,
  type SettingName,
  type SettingValue,
} from './setting-definitions.js';

/** Where a value comes from; of several, the first counts. */
export type SettingOrigin = 'option' | 'environment' | 'project' | 'user' | 'default';

export interface EffectiveSetting {
  readonly value: string;
  readonly origin: SettingOrigin;
  /** The variable or the file that says so. */
  readonly source?: string;
}

/** The settings that hold: the environment's, then the user's, then the defaults. Nothing but one small file is read, once. */
export class Settings {
  readonly path: string;
  #stored: Readonly<Record<string, unknown>> | undefined;
  /** Why the file could not be used; it counts for nothing then. */
  problem: string | undefined;

  constructor(
    directory: string,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.path = join(directory, 'settings.json');
  }

  /** @throws UsageError `INVALID_SETTING` where the environment names no value of the setting */
  value<Name extends SettingName>(name: Name): SettingValue<Name> {
    return this.effective(name).value as SettingValue<Name>;
  }

  /** @throws UsageError `INVALID_SETTING` */
  effective(name: SettingName): EffectiveSetting {
    const definition: SettingDefinition = settingDefinitions[name];
    const given = definition.environment(this.environment);
    if (given !== undefined) {
      const { value, variable } = given;
      if (!definition.choices.includes(value)) throw invalidSetting(variable, value, definition, `unset ${variable}`);
      return { value, origin: 'environment', source: variable };
    }
    const stored = this.stored(name);
    return stored === undefined
      ? { value: definition.default, origin: 'default' }
      : { value: stored, origin: 'user', source: this.path };
  }

  /** What the user set; undefined where that is nothing. */
  stored(name: SettingName): string | undefined {
    const { choices }: SettingDefinition = settingDefinitions[name];
    const value = this.#file()[name];
    // What somebody wrote into the file by hand may be anything.
    return typeof value === 'string' && choices.includes(value) ? value : undefined;
  }

  #file(): Readonly<Record<string, unknown>> {
    return (this.#stored ??= this.#read());
  }

  #read(): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(readFileSync(this.path, 'utf8'));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
      this.problem = 'it is no JSON object';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.problem = (error as Error).message;
    }
    return {};
  }
}

/** @param subject what has the value: a setting or a variable */
export function invalidSetting(
  subject: string,
  value: string,
  { choices }: SettingDefinition,
  fix: string,
): UsageError {
  return new UsageError({
    code: 'INVALID_SETTING',
    message: `'${subject}' cannot be '${value}'.`,
    reason: suggestion(value, choices),
    fix,
  });
}

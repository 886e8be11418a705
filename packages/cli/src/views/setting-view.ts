import { sourceOf, suggestion, UsageError } from '@slipway/core';
import type { CommandContext } from '../command/command.js';
import type { Column } from '../output/column.js';
import {
  type SettingDefinition,
  settingDefinitions,
  type SettingName,
  settingNames,
} from '../settings/setting-definitions.js';
import type { SettingOrigin } from '../settings/settings.js';

/** A setting as commands show it. Fields may be added; those that are here keep their meaning. */
export interface SettingView {
  readonly name: string;
  readonly value: string;
  readonly origin: SettingOrigin;
  /** The variable or the file that says so; null of a default. */
  readonly source: string | null;
  readonly default: string | null;
  /** What else it can be; null where that is no closed list. */
  readonly choices: readonly string[] | null;
  readonly description: string;
}

/** `stack` is kept with the stacks, and shown here as what it is to people: the first of their settings. */
export type AnySettingName = SettingName | 'stack';
export const anySettingNames: readonly AnySettingName[] = ['stack', ...settingNames];

export const settingColumns: readonly Column<SettingView>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'value', value: ({ value }) => value },
  { name: 'origin', value: ({ origin }) => origin },
  { name: 'source', hidden: true, value: ({ source }) => source, cell: ({ source }) => source ?? '-' },
  { name: 'choices', hidden: true, value: ({ choices }) => choices, cell: ({ choices }) => choices?.join(', ') ?? '-' },
  { name: 'default', hidden: true, value: ({ default: value }) => value, cell: (view) => view.default ?? '-' },
  { name: 'description', title: 'ABOUT', value: ({ description }) => description },
];

/** @throws UsageError `UNKNOWN_SETTING` with the nearest */
export function settingNamed(text: string): AnySettingName {
  const found = anySettingNames.find((name) => name === text.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError({
    code: 'UNKNOWN_SETTING',
    message: `There is no setting '${text}'.`,
    reason: suggestion(text, anySettingNames),
    fix: 'slipway config list',
  });
}

export async function settingView(
  name: AnySettingName,
  { settings, slipway }: Pick<CommandContext, 'settings' | 'slipway'>,
): Promise<SettingView> {
  if (name !== 'stack') {
    const definition: SettingDefinition = settingDefinitions[name];
    const { value, origin, source = null } = settings.effective(name);
    const { choices, summary } = definition;
    return { name, value, origin, source, default: definition.default, choices, description: summary };
  }
  const active = await (await slipway()).stacks.active();
  return {
    name,
    value: active.name,
    origin: active.origin,
    source: active.origin === 'user' ? null : sourceOf(active),
    default: 'default',
    choices: null,
    description: 'The active stack, which commands use where they name none.',
  };
}

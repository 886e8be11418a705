import { type ColourMode, colourModes } from '../output/colour.js';
import { outputFormats } from '../output/output.js';

/** A preference of a person, as data: `slipway config`, its help and its completion follow from it. */
export interface SettingDefinition {
  /** One sentence. */
  readonly summary: string;
  readonly choices: readonly string[];
  readonly default: string;
  /** What the environment says, which comes before what is set. */
  readonly environment: (variables: NodeJS.ProcessEnv) => FromEnvironment | undefined;
}

export interface FromEnvironment {
  readonly value: string;
  readonly variable: string;
}

/** What `slipway config set` knows, beside `stack`, which is kept with the stacks. */
export const settingDefinitions = {
  output: {
    summary: 'How lists, descriptions and errors are printed where no -o says otherwise.',
    choices: outputFormats,
    default: 'table',
    environment: variable('SLIPWAY_OUTPUT'),
  },
  color: {
    summary: 'Whether text is coloured; auto is on a terminal.',
    choices: colourModes,
    default: 'auto',
    environment: colourVariables,
  },
  progress: {
    summary: 'How a build is shown where no --progress says otherwise.',
    choices: ['auto', 'tty', 'plain', 'quiet', 'rawjson'],
    default: 'auto',
    environment: (variables) => variable('SLIPWAY_PROGRESS')(variables) ?? variable('BUILDKIT_PROGRESS')(variables),
  },
} as const satisfies Readonly<Record<string, SettingDefinition>>;

export type SettingName = keyof typeof settingDefinitions;
export type SettingValue<Name extends SettingName> = (typeof settingDefinitions)[Name]['choices'][number];

export const settingNames = Object.keys(settingDefinitions) as readonly SettingName[];

function variable(name: string) {
  return ({ [name]: value }: NodeJS.ProcessEnv): FromEnvironment | undefined =>
    value === undefined || value === '' ? undefined : { value, variable: name };
}

/** The variables that programs everywhere agree on. */
function colourVariables(variables: NodeJS.ProcessEnv): (FromEnvironment & { value: ColourMode }) | undefined {
  const { FORCE_COLOR: force, NO_COLOR: no } = variables;
  if (force !== undefined && force !== '') {
    return { value: ['0', 'false'].includes(force) ? 'never' : 'always', variable: 'FORCE_COLOR' };
  }
  return no === undefined || no === '' ? undefined : { value: 'never', variable: 'NO_COLOR' };
}

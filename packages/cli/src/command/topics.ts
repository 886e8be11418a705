/** Something that `slipway help TOPIC` explains, beside commands. */
export interface Topic {
  readonly name: string;
  readonly summary: string;
  readonly rows: readonly (readonly [what: string, meaning: string])[];
  readonly more: string;
}

export const topics: readonly Topic[] = [
  {
    name: 'exit-codes',
    summary: 'What the exit code of a command says.',
    rows: [
      ['0', 'Done.'],
      ['1', 'It failed: a cluster, a registry, a file, or the build itself.'],
      ['2', 'The call was wrong: an unknown name, a bad value, a missing word. Nothing was changed.'],
      ['130', 'Cancelled with Ctrl-C (SIGINT), after cleaning up.'],
      ['143', 'Cancelled with SIGTERM, after cleaning up.'],
    ],
    more: 'Every error has a code of its own as well, such as UNKNOWN_STACK: docs/errors.md explains them all.',
  },
  {
    name: 'environment',
    summary: 'The environment variables that commands read.',
    rows: [
      ['SLIPWAY_STACK', 'The stack to use, where no --stack names one.'],
      ['SLIPWAY_OUTPUT', 'How to print, where no -o says so: table, json, yaml or name.'],
      ['SLIPWAY_PROGRESS', 'How a build is shown: auto, tty, plain, quiet or rawjson.'],
      ['SLIPWAY_CONFIG_DIR', 'The folder of stacks, components, secrets and settings.'],
      ['SLIPWAY_DEBUG', '1 shows what goes on, and where a bug is.'],
      ['NO_COLOR, FORCE_COLOR', 'Never colour, always colour.'],
      ['HTTPS_PROXY, NO_PROXY', 'How registries and clusters are reached.'],
    ],
    more: 'What holds now, and which of them says so: slipway config list --show-origin',
  },
];

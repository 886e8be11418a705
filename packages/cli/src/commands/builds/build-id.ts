import type { CompletionRequest } from '../../command/command.js';

/** The word that names a build. */
export const buildIdArgument = {
  id: {
    summary: 'The build, by its id.',
    required: true,
    complete: async ({ slipway }: CompletionRequest) =>
      (await (await slipway()).builds.list()).map(({ buildId }) => buildId),
  },
} as const;

export const stackOption = {
  stack: {
    type: 'text',
    placeholder: 'STACK',
    summary: 'The stack whose image builder is meant; by default the active one.',
  },
} as const;

import type { CommandContext } from '../../command/command.js';
import { buildProgress } from '../../output/progress/build-progress.js';
import { progressMode } from '../../output/progress/progress-mode.js';
import type { BuildProgressView } from '../../output/progress/progress-view.js';

/** Shows a build on standard error, in the mode of the option, else of the environment, else of the settings. */
export function shownProgress(option: string | undefined, context: CommandContext): Promise<BuildProgressView> {
  const { stderr } = process;
  const mode = progressMode(option, process.env, stderr, context.settings.stored('progress'));
  return buildProgress(mode, stderr, context.output.paintNote);
}

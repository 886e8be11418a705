import { type AvailablePlugin, componentType, nearest, suggestion, UsageError } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import type { Output } from '../../output/output.js';
import { ownPlugin, ownPluginNames } from '../../plugin-sources.js';
import { isPath } from './loaded-plugin.js';
import { addToProject, projectPackage } from './project-plugins.js';
import { addByPath, addPackage } from './user-plugins.js';

export interface AddPluginOptions {
  /** Whether a bare word may only mean what comes with Slipway: where words are ZenML's, npm's package of that name is another. */
  readonly bareWordsAreOurs?: boolean;
}

/** `plugin add`, or under the name that ZenML has for it: `integration install`. */
export function addPlugin(path: readonly [noun: string, verb: string], options: AddPluginOptions = {}): Command {
  const line = ['slipway', ...path].join(' ');
  return defineCommand({
    path,
    summary: 'Add plugins, for yourself or the project: packages, or folders and modules where they are.',
    arguments: {
      plugins: { required: true, several: true, summary: 'A package, or a path: ./my-plugin.', complete: 'files' },
    },
    options: {
      project: {
        type: 'flag',
        summary:
          'Declare it in the package.json of the project, for everybody who works on it; packages are installed there.',
      },
      yes: { type: 'flag', letter: 'y', summary: 'Taken and ignored: there is nothing to confirm.' },
    },
    examples: [`${line} @acme/slipway-plugin`, `${line} ./my-plugin`, `${line} ./tools/my-plugin --project`],
    async handler(input, { output }) {
      const project = input.options.project ? await projectPackage() : undefined;
      for (const written of new Set(input.arguments.plugins)) {
        const own = ownPlugin(written) !== undefined;
        if (!own && /^[\w-]+$/.test(written)) checkBareWord(written, options.bareWordsAreOurs === true);
        if (own) output.note(`${written} comes with Slipway; nothing is to be installed.`);
        else if (project !== undefined) tell(output, await addToProject(project, written), project);
        else tell(output, await (isPath(written) ? addByPath(written) : addPackage(written)));
      }
    },
  });
}

/** A slip of the finger must not bring code of a stranger onto the machine. */
function checkBareWord(written: string, mustBeOurs: boolean): void {
  const known = ownPluginNames();
  if (!mustBeOurs && nearest(written, known) === undefined) return;
  throw new UsageError({
    code: 'UNKNOWN_INTEGRATION',
    message: `There is no integration '${written}'.`,
    reason: suggestion(written, known),
    fix: `slipway plugin list; a package of that very name: slipway plugin add ${written}@latest`,
  });
}

/**
 * Says what there is now.
 * @param declaredIn the package.json of the project, where that has it
 */
export function tell(output: Output, { name, version, flavors }: AvailablePlugin, declaredIn?: string): void {
  const where = declaredIn === undefined ? '' : ` to ${declaredIn}`;
  const brought = flavors.map((flavor) => `  ${flavor.name}: ${componentType(flavor.type).title}`);
  output.note([`Added the plugin '${name}' ${version}${where}. Its flavors:`, ...brought].join('\n'));
}

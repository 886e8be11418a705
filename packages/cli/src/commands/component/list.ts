import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand, outputOptions } from '../../command/command.js';
import { flavorNames, stackOption } from '../../command/common-options.js';
import { conditionOption, selected, selectionOptions } from '../../command/selection.js';
import { componentColumns, componentViews } from '../../views/component-view.js';

export function listComponents(type: ComponentType): Command {
  const { command, pluralTitle } = componentType(type);
  return defineCommand({
    path: [command, 'list'],
    summary: `List the ${pluralTitle}; * marks that of the active stack.`,
    arguments: {},
    options: {
      name: conditionOption('name'),
      flavor: { ...conditionOption('flavor'), letter: 'f', complete: flavorNames(type) },
      ...selectionOptions(componentColumns),
      ...stackOption,
      ...outputOptions(componentColumns),
    },
    examples: [
      `slipway ${command} list`,
      `slipway ${command} list --name=contains:prod --sort=desc:updated_at -o json`,
    ],
    async handler(input, { slipway, output }) {
      const { name, flavor, label, sort, columns } = input.options;
      const views = await componentViews(await slipway(), type);
      const found = selected(views, componentColumns, { conditions: { name, flavor }, labels: label, sort });
      await output.list(found, componentColumns, {
        chosen: columns,
        whenEmpty:
          views.length === 0
            ? `There are no ${pluralTitle}; one is registered with: slipway ${command} register NAME --flavor=FLAVOR`
            : `None of the ${views.length} ${pluralTitle} is such.`,
      });
    },
  });
}

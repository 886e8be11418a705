import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand, outputOptions } from '../../command/command.js';
import { flavorNames, stackOption } from '../../command/common-options.js';
import { conditionOption, filterOf, filterOptions } from '../../command/filter-options.js';
import { componentColumns, componentViews } from '../../views/component-view.js';

export function listComponents(type: ComponentType): Command {
  const { command, pluralTitle } = componentType(type);
  return defineCommand({
    path: [command, 'list'],
    summary: `List the ${pluralTitle}; * marks that of the active stack.`,
    arguments: {},
    options: {
      ...filterOptions('name', 'flavor', 'created', 'updated'),
      flavor: { ...conditionOption('flavor'), letter: 'f', complete: flavorNames(type) },
      ...stackOption,
      ...outputOptions(componentColumns),
    },
    examples: [`slipway ${command} list`, `slipway ${command} list --name=contains:prod --sort=desc:updated -o json`],
    async handler(input, { slipway, output }) {
      const { flavor, columns, ...filter } = input.options;
      const views = await componentViews(await slipway(), type, { ...filterOf(filter), flavor });
      await output.list(views, componentColumns, {
        chosen: columns,
        whenEmpty: `There are no such ${pluralTitle}; one is registered with: slipway ${command} register NAME --flavor=FLAVOR`,
      });
    },
  });
}

import { componentType, type ComponentType, componentTypeIds } from '@slipway/core';
import type { Command } from '../command/command.js';
import type { Noun } from '../command/command-tree.js';
import { build } from './build.js';
import { getSetting } from './config/get.js';
import { listSettings } from './config/list.js';
import { setSetting } from './config/set.js';
import { unsetSetting } from './config/unset.js';
import { deleteComponent } from './component/delete.js';
import { describeComponent } from './component/describe.js';
import { doctorOfComponent } from './component/doctor.js';
import { listComponents } from './component/list.js';
import { rbac } from './component/rbac.js';
import { registerComponent } from './component/register.js';
import { updateComponent } from './component/update.js';
import { doctor } from './doctor.js';
import { describeFlavor } from './flavor/describe.js';
import { listFlavors } from './flavor/list.js';
import { deleteFlavor } from './flavor/delete.js';
import { registerFlavor } from './flavor/register.js';
import { addPlugin } from './plugin/add.js';
import { listPlugins } from './plugin/list.js';
import { removePluginCommand } from './plugin/remove.js';
import { deleteStack } from './stack/delete.js';
import { describeStack } from './stack/describe.js';
import { getActiveStack } from './stack/get.js';
import { listStacks } from './stack/list.js';
import { registerStack } from './stack/register.js';
import { setActiveStack } from './stack/set.js';
import { updateStack } from './stack/update.js';

const componentNouns = componentTypeIds.flatMap((type): readonly Noun[] => {
  const { command, title, description } = componentType(type);
  return [
    { path: [command], summary: description },
    { path: [command, 'flavor'], summary: `The kinds of ${title} there are.` },
  ];
});

/** The words under which commands are grouped, in the order of help. */
export const nouns: readonly Noun[] = [
  { path: ['stack'], summary: 'Register and manage stacks: sets of components that work together.' },
  ...componentNouns,
  { path: ['flavor'], summary: 'The kinds of components there are, and their attributes.' },
  { path: ['config'], summary: 'Your settings: how things are printed, and which stack is active.' },
  { path: ['plugin'], summary: 'What brings flavors: packages of other people, and your own.' },
  { path: ['integration'], summary: 'What brings flavors, under the name that ZenML has for it.' },
];

/** All commands, in the order of help. */
export const commands: readonly Command[] = [
  ...[registerStack, listStacks, describeStack, updateStack, getActiveStack, setActiveStack, deleteStack],
  ...componentTypeIds.flatMap(componentCommands),
  ...[
    listFlavors(),
    describeFlavor(),
    registerFlavor(),
    deleteFlavor(),
    listSettings,
    getSetting,
    setSetting,
    unsetSetting,
    doctor,
    build,
  ],
  ...[addPlugin(['plugin', 'add']), listPlugins(['plugin', 'list']), removePluginCommand(['plugin', 'remove'])],
  ...[addPlugin(['integration', 'install'], { bareWordsAreOurs: true }), listPlugins(['integration', 'list'])],
  removePluginCommand(['integration', 'uninstall']),
];

function componentCommands(type: ComponentType): readonly Command[] {
  return [
    registerComponent(type),
    listComponents(type),
    describeComponent(type),
    updateComponent(type),
    deleteComponent(type),
    doctorOfComponent(type),
    ...(type === 'image_builder' ? [rbac] : []),
    listFlavors(type),
    describeFlavor(type),
    registerFlavor(type),
    deleteFlavor(type),
  ];
}

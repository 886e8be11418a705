import { componentType, type ComponentType, componentTypeIds } from '@slipway/core';
import type { Command } from '../command/command.js';
import type { Noun } from '../command/command-tree.js';
import { build } from './build.js';
import { completion } from './completion.js';
import { attachToBuild } from './builds/attach.js';
import { cancelBuild } from './builds/cancel.js';
import { listBuilds } from './builds/list.js';
import { showLogs } from './builds/logs.js';
import { pruneBuilds } from './builds/prune.js';
import { showBuild } from './builds/show.js';
import { getSetting } from './config/get.js';
import { listSettings } from './config/list.js';
import { setSetting } from './config/set.js';
import { unsetSetting } from './config/unset.js';
import { copyComponent } from './component/copy.js';
import { deleteComponent } from './component/delete.js';
import { describeComponent } from './component/describe.js';
import { doctorOfComponent } from './component/doctor.js';
import { explainComponent } from './component/explain.js';
import { getActiveComponent } from './component/get.js';
import { listComponents } from './component/list.js';
import { rbac } from './component/rbac.js';
import { registerComponent } from './component/register.js';
import { removeAttribute } from './component/remove-attribute.js';
import { renameComponent } from './component/rename.js';
import { updateComponent } from './component/update.js';
import { doctorOfStore } from './doctor-store.js';
import { doctor } from './doctor.js';
import { describeFlavor } from './flavor/describe.js';
import { listFlavors } from './flavor/list.js';
import { deleteFlavor } from './flavor/delete.js';
import { registerFlavor } from './flavor/register.js';
import { addPlugin } from './plugin/add.js';
import { listPlugins } from './plugin/list.js';
import { removePluginCommand } from './plugin/remove.js';
import { createSecret } from './secret/create.js';
import { deleteSecret } from './secret/delete.js';
import { describeSecret } from './secret/describe.js';
import { listSecrets } from './secret/list.js';
import { updateSecret } from './secret/update.js';
import { copyStack } from './stack/copy.js';
import { deleteStack } from './stack/delete.js';
import { describeStack } from './stack/describe.js';
import { getActiveStack } from './stack/get.js';
import { exportStack } from './stack/export.js';
import { importStack } from './stack/import.js';
import { listStacks } from './stack/list.js';
import { registerStack } from './stack/register.js';
import { removeComponent } from './stack/remove-component.js';
import { renameStack } from './stack/rename.js';
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
  { path: ['secret'], summary: 'Passwords, tokens and keys, kept apart from configuration.' },
  { path: ['config'], summary: 'Your settings: how things are printed, and which stack is active.' },
  { path: ['plugin'], summary: 'What brings flavors: packages of other people, and your own.' },
  { path: ['builds'], summary: 'Builds that run in the cluster, and those that have ended.' },
  { path: ['integration'], summary: 'What brings flavors, under the name that ZenML has for it.' },
];

/** All commands, in the order of help. */
export const commands: readonly Command[] = [
  ...[registerStack, listStacks, describeStack, getActiveStack, setActiveStack, updateStack, removeComponent],
  ...[renameStack, copyStack, exportStack, importStack, deleteStack],
  ...componentTypeIds.flatMap(componentCommands),
  ...[listFlavors(), describeFlavor(), registerFlavor(), deleteFlavor()],
  ...[createSecret, listSecrets, describeSecret, updateSecret, deleteSecret],
  ...[listSettings, getSetting, setSetting, unsetSetting],
  ...[addPlugin(['plugin', 'add']), listPlugins(['plugin', 'list']), removePluginCommand(['plugin', 'remove'])],
  ...[addPlugin(['integration', 'install'], { bareWordsAreOurs: true }), listPlugins(['integration', 'list'])],
  removePluginCommand(['integration', 'uninstall']),
  ...[doctor, doctorOfStore, build, completion],
  ...[listBuilds, showBuild, showLogs, attachToBuild, cancelBuild, pruneBuilds],
];

function componentCommands(type: ComponentType): readonly Command[] {
  return [
    registerComponent(type),
    listComponents(type),
    describeComponent(type),
    getActiveComponent(type),
    updateComponent(type),
    removeAttribute(type),
    renameComponent(type),
    copyComponent(type),
    deleteComponent(type),
    doctorOfComponent(type),
    ...(type === 'image_builder' ? [rbac] : []),
    explainComponent(type),
    listFlavors(type),
    describeFlavor(type),
    registerFlavor(type),
    deleteFlavor(type),
  ];
}

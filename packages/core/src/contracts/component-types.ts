import { ArtifactStore } from './artifact-store.js';
import { ContainerRegistry } from './container-registry.js';
import { ImageBuilder } from './image-builder.js';
import type { StackComponent } from './stack-component.js';

/** A type of component, as data: commands, options, help and messages follow from it. */
export interface ComponentTypeDefinition<Contract extends StackComponent = StackComponent> {
  /** For people, e.g. `image builder`. */
  readonly title: string;
  readonly pluralTitle: string;
  /** The noun of its commands and its option of `stack register`, e.g. `image-builder`. */
  readonly command: string;
  /** The one-letter option of `stack register`. */
  readonly letter: string;
  /** What such a component is for, one sentence. */
  readonly description: string;
  /** The symbol under which a stack's component of this type is injected. */
  readonly token: symbol;
  /** Carries the contract's type; never set. */
  readonly contract?: Contract;
}

function define<Contract extends StackComponent>(
  definition: ComponentTypeDefinition<Contract>,
): ComponentTypeDefinition<Contract> {
  return definition;
}

/** All component types. A type more is one entry here, and its contract beside this file. */
export const componentTypes = {
  image_builder: define<ImageBuilder>({
    title: 'image builder',
    pluralTitle: 'image builders',
    command: 'image-builder',
    letter: 'i',
    description: 'Builds container images and pushes them to the registry of the stack.',
    token: ImageBuilder,
  }),
  container_registry: define<ContainerRegistry>({
    title: 'container registry',
    pluralTitle: 'container registries',
    command: 'container-registry',
    letter: 'c',
    description: 'Keeps container images.',
    token: ContainerRegistry,
  }),
  artifact_store: define<ArtifactStore>({
    title: 'artifact store',
    pluralTitle: 'artifact stores',
    command: 'artifact-store',
    letter: 'a',
    description: 'Keeps files: build contexts, and what pipelines make.',
    token: ArtifactStore,
  }),
};

/** The id of a component type, as it stands in the store: `image_builder`. */
export type ComponentType = keyof typeof componentTypes;

/** The contract that components of the type fulfil. */
export type ComponentOf<T extends ComponentType> =
  (typeof componentTypes)[T] extends ComponentTypeDefinition<infer Contract> ? Contract : never;

export const componentTypeIds = Object.keys(componentTypes) as readonly ComponentType[];

/** The definition of a type, without its contract's type. */
export function componentType(type: ComponentType): ComponentTypeDefinition {
  return componentTypes[type];
}

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
  /** What a person should know who has never had one: a few sentences. */
  readonly explanation: string;
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
    explanation:
      'An image builder takes a folder with a Dockerfile and makes a container image of it: on this machine, in a cluster, or with a ' +
      'service of a cloud. `slipway build` uses that of the active stack. It pushes to the container registry of the same stack; which ' +
      'registries and artifact stores it gets along with, it says itself when the stack is registered.',
    token: ImageBuilder,
  }),
  container_registry: define<ContainerRegistry>({
    title: 'container registry',
    pluralTitle: 'container registries',
    command: 'container-registry',
    letter: 'c',
    description: 'Keeps container images.',
    explanation:
      'A container registry is where the images of a stack are pushed and pulled from: where it is, how to log in, and under which ' +
      'repository images go that name none. A builder that works elsewhere needs one that is reached from there, not one on this machine.',
    token: ContainerRegistry,
  }),
  artifact_store: define<ArtifactStore>({
    title: 'artifact store',
    pluralTitle: 'artifact stores',
    command: 'artifact-store',
    letter: 'a',
    description: 'Keeps files: build contexts, and what pipelines make.',
    explanation:
      'An artifact store is a folder of this machine or a bucket of a cloud. Image builders can hand a large build context over through ' +
      'it, and pipelines keep there what their steps make.',
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

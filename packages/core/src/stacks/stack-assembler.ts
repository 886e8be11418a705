import type { Container, ContainerModule } from 'inversify';
import { type ComponentOf, type ComponentType, componentType, componentTypeIds } from '../contracts/component-types.js';
import { Logger } from '../contracts/logger.js';
import { ComponentConfiguration, ComponentInfo, type StackComponent } from '../contracts/stack-component.js';
import { Stack } from '../contracts/stack.js';
import { SlipwayError } from '../errors/slipway-error.js';
import type { ComponentClass, Flavor } from '../flavors/flavor.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import { validateConfiguration } from '../flavors/validate-configuration.js';
import type { Plugin } from '../plugins/plugin.js';
import type { SecretResolver } from '../secrets/secret-resolver.js';
import { ConfigDirectory } from '../store/config-directory.js';
import { getComponent } from '../store/find.js';
import type { ComponentRecord, StackRecord, StoreDocument } from '../store/store-document.js';

/**
 * Makes the components of a stack with a container of their own: singletons, each made when it is first asked for.
 * inversify and the components' classes load here and not before.
 */
export class StackAssembler {
  constructor(
    private readonly flavors: FlavorRegistry,
    private readonly configDirectory: ConfigDirectory,
    private readonly logger: Logger,
    private readonly secrets: SecretResolver,
  ) {}

  /**
   * @throws UsageError `UNKNOWN_COMPONENT`, `UNKNOWN_FLAVOR`, `UNKNOWN_SECRET`, `UNKNOWN_SECRET_KEY`, those of validation; SlipwayError
   * `FLAVOR_BROKEN`
   */
  async assemble(document: StoreDocument, record: Pick<StackRecord, 'name' | 'components'>): Promise<Stack> {
    const decorators = import('reflect-metadata');
    const library = import('inversify');
    // All at once, so that none waits for the files of another. What fails is told when its turn comes.
    const members = componentTypeIds.flatMap((type) => {
      const name = record.components[type];
      return name === undefined ? [] : [this.#load(getComponent(document, type, name), decorators)];
    });
    for (const member of members) member.catch(() => undefined);
    const { Container } = await library;
    const container = new Container({ defaultScope: 'Singleton' });
    container.bind(Logger).toConstantValue(this.logger);
    container.bind(ConfigDirectory).toConstantValue(this.configDirectory);
    const stack: Stack = {
      name: record.name,
      get: <T extends ComponentType>(type: T) =>
        record.components[type] === undefined ? undefined : container.get<ComponentOf<T>>(componentType(type).token),
    };
    container.bind(Stack).toConstantValue(stack);
    for (const member of members) {
      // What belongs to one component is bound in a child of the stack's container, so that several may coexist.
      bind(await member, container, new Container({ parent: container, defaultScope: 'Singleton' }));
    }
    return stack;
  }

  /** @param decorators what those of the component's class write to, which has to be there first */
  async #load(component: ComponentRecord, decorators: Promise<unknown>): Promise<Member> {
    const { type, name } = component;
    const { flavor, plugin } = await this.flavors.loadWithPlugin(type, component.flavor);
    const configuration = validateConfiguration(flavor, await this.secrets.resolve(component));
    await decorators;
    const Class = await loadClass(flavor);
    return {
      info: { type, flavor: flavor.name, name },
      flavor,
      configuration,
      Class,
      bindings: await bindingsOf(plugin, flavor),
    };
  }
}

/** A component of a stack, and all that it is made of. */
interface Member {
  readonly info: ComponentInfo;
  readonly flavor: Flavor;
  readonly configuration: object;
  readonly Class: ComponentClass<StackComponent>;
  readonly bindings: ContainerModule | undefined;
}

/** @param own a child of the stack's container, for the component alone */
function bind({ info, flavor, configuration, Class, bindings }: Member, stack: Container, own: Container): void {
  own.bind(ComponentInfo).toConstantValue(info);
  own.bind(ComponentConfiguration).toConstantValue(configuration);
  own.bind(Class).toSelf();
  try {
    if (bindings !== undefined) own.load(bindings);
  } catch (error) {
    throw broken(flavor, 'could not be loaded', error);
  }
  stack.bind<StackComponent>(componentType(info.type).token).toDynamicValue(() => make(own, Class, flavor));
}

async function bindingsOf(plugin: Plugin, flavor: Flavor): Promise<ContainerModule | undefined> {
  try {
    return await plugin.bindings?.();
  } catch (error) {
    throw broken(flavor, 'could not be loaded', error);
  }
}

async function loadClass(flavor: Flavor): Promise<ComponentClass<StackComponent>> {
  let loaded: unknown;
  try {
    loaded = await flavor.implementation();
  } catch (error) {
    throw broken(flavor, 'could not be loaded', error);
  }
  if (typeof loaded === 'function') return loaded as ComponentClass<StackComponent>;
  throw broken(flavor, 'could not be loaded', 'Its implementation is no class.');
}

function make(container: Container, Class: ComponentClass<StackComponent>, flavor: Flavor): StackComponent {
  try {
    return container.get(Class);
  } catch (error) {
    // What a component says itself is meant for people; so is what was said about another that it asked for.
    if (SlipwayError.is(error)) throw error;
    throw broken(flavor, 'could not make its component', error);
  }
}

function broken(flavor: Flavor, what: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: 'FLAVOR_BROKEN',
    message: `The flavor '${flavor.name}' ${what}.`,
    reason: cause instanceof Error ? cause.message : String(cause),
    fix: 'Install the plugin that brings it again, or report this to its authors.',
    cause,
  });
}

import { builtin } from './builtin/builtin.js';
import { ConfigurationNotices } from './components/configuration-notices.js';
import { BuildHistory } from './builds/build-history.js';
import { type BuilderInStack, type BuilderOptions, BuildService, type InStack } from './builds/build-service.js';
import { ComponentService } from './components/component-service.js';
import type { ComponentType } from './contracts/component-types.js';
import type { DoctorCheck } from './contracts/doctor.js';
import type { BuildControl, BuildRequest, BuildResult, ImageBuilder } from './contracts/image-builder.js';
import { type Logger, silentLogger } from './contracts/logger.js';
import type { Stack } from './contracts/stack.js';
import { UsageError } from './errors/slipway-error.js';
import { type Override, parseOverrides } from './flavors/overrides.js';
import { FlavorRegistry } from './flavors/flavor-registry.js';
import type { Plugin } from './plugins/plugin.js';
import { availablePlugin, findPlugins } from './plugins/plugin-loader.js';
import type { PluginProblem, PluginSource } from './plugins/plugin-source.js';
import { ActiveStackResolver } from './stacks/active-stack.js';
import { StackAssembler } from './stacks/stack-assembler.js';
import { secretDocumentKind } from './secrets/secret-document.js';
import { SecretResolver } from './secrets/secret-resolver.js';
import { SecretService } from './secrets/secret-service.js';
import { StackService } from './stacks/stack-service.js';
import { StackValidator } from './stacks/stack-validator.js';
import { defaultConfigDirectory } from './store/config-directory.js';
import { DocumentFile } from './store/document-file.js';
import { getComponent, stacksWith } from './store/find.js';
import { StoreDoctor, type StoreRepair } from './store/store-doctor.js';
import type { DefaultStack, StoreDocument } from './store/store-document.js';
import { Store } from './store/store.js';

export interface SlipwayOptions {
  /** The folder of the store; see `defaultConfigDirectory`. */
  readonly configDirectory?: string;
  /** Plugins, beside the flavors of core. */
  readonly plugins?: readonly (Plugin | PluginSource)[];
  /** Flavors by type that the stack of a fresh installation has, beside a local artifact store. */
  readonly defaultStack?: DefaultStack;
  readonly logger?: Logger;
  /** The name of the active stack, whatever the environment, the project's file or the user's setting say. */
  readonly stack?: string | undefined;
  /** Where `SLIPWAY_STACK` is looked up; that of the process unless given. */
  readonly environment?: NodeJS.ProcessEnv;
  /** From where the project's `slipway.yaml` is looked for, upward; that of the process unless given. */
  readonly workingDirectory?: string;
}

/** All operations, for the command line and for programs. */
export class Slipway {
  readonly builds: BuildService;

  constructor(
    readonly flavors: FlavorRegistry,
    readonly components: ComponentService,
    readonly stacks: StackService,
    readonly secrets: SecretService,
    /** Plugins that could not be loaded; everything else works. */
    readonly pluginProblems: readonly PluginProblem[],
    private readonly store: Store,
    private readonly validator: StackValidator,
    private readonly activeStack: ActiveStackResolver,
    private readonly assembler: StackAssembler,
    private readonly doctor: StoreDoctor,
    history: BuildHistory,
  ) {
    this.builds = new BuildService((stack, options) => this.#builderInStack(stack, options), history);
  }

  /**
   * The image builder of a stack, after the stack was validated.
   * @param stackName the active stack unless given
   * @param options.overrides for this one use of it; validated as an update is, and not stored
   * @throws UsageError `UNKNOWN_STACK`, `STACK_INVALID`, `NO_IMAGE_BUILDER`, those of the configuration's validation
   */
  async imageBuilder(stackName?: string, options: BuilderOptions = {}): Promise<ImageBuilder> {
    return (await this.#builderInStack(stackName, options)).builder;
  }

  /**
   * The components of a stack as they are, whether they work together or not: for `diagnose`.
   * @param stackName the active stack unless given
   * @throws UsageError `UNKNOWN_STACK`, and those of the components' configurations
   */
  async assemble(stackName?: string): Promise<Stack> {
    const document = await this.store.read();
    return this.assembler.assemble(document, await this.activeStack.getStack(document, stackName));
  }

  /**
   * The same for one component: with those of the active stack if it is one of them, else with those of another stack that has it, else
   * alone.
   * @throws UsageError `UNKNOWN_COMPONENT`
   */
  async assembleWith(type: ComponentType, name: string): Promise<Stack> {
    const document = await this.store.read();
    getComponent(document, type, name);
    const active = await this.activeStack.resolve(document);
    const stacks = stacksWith(document, type, name);
    const alone = { name: '', components: { [type]: name } };
    const record = stacks.find((stack) => stack.name === active.name) ?? stacks[0] ?? alone;
    return this.assembler.assemble(document, record);
  }

  /** Looks at the files that registrations and secrets are kept in; changes nothing. */
  async checkStore(): Promise<readonly DoctorCheck[]> {
    return this.doctor.check();
  }

  /** Goes back to what was kept before the last change where the store is broken, and mends permissions and leftovers. */
  async repairStore(): Promise<StoreRepair> {
    return this.doctor.repair();
  }

  /** Builds with the image builder of a stack. Throws what `imageBuilder` and the builder throw. */
  async build(request: BuildRequest, control?: BuildControl & InStack & BuilderOptions): Promise<BuildResult> {
    return this.builds.build(request, control);
  }

  async #builderInStack(stackName?: string, options: BuilderOptions = {}): Promise<BuilderInStack> {
    const stored = await this.store.read();
    const record = await this.activeStack.getStack(stored, stackName);
    if (record.components.image_builder === undefined) {
      throw new UsageError({
        code: 'NO_IMAGE_BUILDER',
        message: `The stack '${record.name}' has no image builder.`,
        fix: this.#howToGetBuilder(stored, record.name),
      });
    }
    const document = await this.#overridden(stored, record.components.image_builder, options.overrides ?? []);
    const stack = await this.validator.assemble(document, record);
    return { builder: stack.get('image_builder') as ImageBuilder, stack };
  }

  #howToGetBuilder({ components }: StoreDocument, stack: string): string {
    const known = components.find(({ type }) => type === 'image_builder')?.name;
    if (known !== undefined) return `slipway stack update ${stack} -i ${known}`;
    const needsNothing = this.flavors
      .list('image_builder')
      .find(({ flavor }) => !flavor.fields.some(({ required }) => required))?.flavor.name;
    return needsNothing === undefined
      ? 'slipway image-builder register --help'
      : `slipway image-builder register builder --flavor=${needsNothing} && slipway stack update ${stack} -i builder`;
  }

  /** The document in which the image builder is as somebody wants it for once. */
  async #overridden(stored: StoreDocument, name: string, overrides: readonly Override[]): Promise<StoreDocument> {
    if (overrides.length === 0) return stored;
    const record = getComponent(stored, 'image_builder', name);
    const flavor = await this.flavors.load('image_builder', record.flavor);
    const configuration = { ...record.configuration, ...parseOverrides(flavor, record.configuration, overrides) };
    const components = stored.components.map((other) => (other === record ? { ...record, configuration } : other));
    return { ...stored, components };
  }
}

/** Finds the plugins and opens the store; nothing is written before something is registered. */
export async function createSlipway(options: SlipwayOptions = {}): Promise<Slipway> {
  const given = options.plugins ?? [];
  const found = await findPlugins(given.filter((plugin) => 'packageName' in plugin));
  const own = given.filter((plugin) => 'flavors' in plugin).map(availablePlugin);
  const problems = [...found.problems];
  const flavors = new FlavorRegistry();
  // Of a plugin that is there twice, the later one counts: a project's own before one that comes along.
  const plugins = new Map([builtin, ...own, ...found.plugins].map((plugin) => [plugin.name, plugin]));
  for (const { name, flavors: brought, load } of plugins.values()) {
    for (const flavor of brought) {
      const owner = flavors.add({ flavor, plugin: name, load });
      if (owner === undefined) continue;
      const message = `its ${flavor.type} flavor '${flavor.name}' is already there, from ${owner}, which is kept`;
      problems.push({ packageName: name, message });
    }
  }
  const configDirectory = options.configDirectory ?? defaultConfigDirectory();
  const store = new Store(configDirectory, { ...options.defaultStack, artifact_store: 'local' });
  const secretFile = new DocumentFile(configDirectory, secretDocumentKind);
  const secrets = new SecretResolver(secretFile);
  const notices = new ConfigurationNotices(flavors, secrets);
  const logger = options.logger ?? silentLogger;
  const assembler = new StackAssembler(flavors, configDirectory, logger, secrets);
  const validator = new StackValidator(assembler);
  const activeStack = new ActiveStackResolver({
    stack: options.stack,
    environment: options.environment ?? process.env,
    workingDirectory: options.workingDirectory ?? process.cwd(),
  });
  return new Slipway(
    flavors,
    new ComponentService(store, flavors, validator, activeStack, notices),
    new StackService(store, validator, activeStack, flavors, notices),
    new SecretService(secretFile, store),
    problems,
    store,
    validator,
    activeStack,
    assembler,
    new StoreDoctor(store, secretFile, secrets, flavors),
    new BuildHistory(configDirectory),
  );
}

import { type BuildContext, UsageError } from '@slipway/core';
import { formatPlatform, type ImageConfig, machinePlatform, type Platform, runsOn } from '@slipway/oci';
import {
  type AddInstruction,
  type CopyInstruction,
  type Dockerfile,
  type EvaluatedInstruction,
  type FileSource,
  type Instruction,
  type PlannedStage,
  StageEvaluator,
  copySource,
  globalArguments,
  stageOrder,
} from '@slipway/dockerfile';
import { copyLayer, type CopySource, FileTree, type Layer, workdirLayer } from '../files/index.js';
import type { BaseImage, BaseImages } from './base-images.js';
import type { BuiltStage, StageStep } from './built-stage.js';
import { refuseRun } from './refuse-run.js';
import { stagePlatform } from './target-platforms.js';
import { readTriggers, triggerError } from './trigger.js';

export interface StageInput {
  readonly dockerfile: Dockerfile;
  readonly context: BuildContext;
  /** `FileTree.ofContext` of it. */
  readonly contextFiles: FileTree;
  readonly images: BaseImages;
  readonly platform: Platform;
  /** Whether the platform was asked for: an image of another one is then an error. */
  readonly strictPlatform: boolean;
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  readonly cacheFolder: string;
  readonly signal: AbortSignal | undefined;
  readonly warn: (message: string, reason: string) => void;
}

/** Carries out the stages of a Dockerfile that the target needs, for one platform. */
export class StageEvaluation {
  readonly #built = new Map<number, BuiltStage>();
  readonly #triggers: Instruction[] = [];
  readonly #globals: ReadonlyMap<string, string>;

  constructor(private readonly input: StageInput) {
    const { dockerfile, buildArguments, platform, target } = input;
    this.#globals = globalArguments(dockerfile, {
      buildArguments,
      targetPlatform: platform,
      buildPlatform: machinePlatform(),
      ...(target === undefined ? {} : { target }),
    });
  }

  /** What the bases of the stages that were carried out so far left to be done. */
  get triggers(): readonly Instruction[] {
    return this.#triggers;
  }

  /**
   * The target stage.
   * @throws UsageError, SlipwayError those of the Dockerfile, of the files, and of base images
   */
  async run(): Promise<BuiltStage> {
    const stage = await this.#buildUpTo(this.input.target);
    if (!runsOn(stage.wantedPlatform, stage.platform)) this.#otherPlatform(stage);
    else if (this.input.strictPlatform && !runsOn(this.input.platform, stage.platform)) this.#otherStage(stage);
    return stage;
  }

  async #buildUpTo(target: string | undefined): Promise<BuiltStage> {
    const order = stageOrder(this.input.dockerfile, this.#globals, target);
    refuseRun(order.flatMap(({ stage }) => stage.instructions));
    let last: BuiltStage | undefined;
    for (const planned of order) {
      last = this.#built.get(planned.index) ?? (await this.#build(planned));
      this.#built.set(planned.index, last);
    }
    if (last === undefined) throw new Error('No stage was planned.');
    return last;
  }

  async #build(planned: PlannedStage): Promise<BuiltStage> {
    const { dockerfile, buildArguments } = this.input;
    const { stage } = planned;
    const beginning = await this.#beginning(planned);
    const { config } = beginning;
    const evaluator = new StageEvaluator({
      escape: dockerfile.escape,
      buildArguments,
      globals: this.#globals,
      ...(config === undefined ? {} : { baseConfig: config }),
      baseArguments: beginning.arguments,
      ...(beginning.author === undefined ? {} : { baseAuthor: beginning.author }),
    });
    const steps: StageStep[] = [];
    let { files } = beginning;
    const carryOut = async (written: Instruction): Promise<void> => {
      const evaluated = evaluator.evaluate(written);
      const layer = await this.#layer(evaluated, files, planned);
      if (layer !== undefined) files = files.with(layer.entries);
      if (evaluated.createdBy !== undefined) {
        steps.push({ line: written.line, createdBy: evaluated.createdBy, layer });
      }
    };
    const triggers = readTriggers(planned, config?.OnBuild ?? []);
    this.#triggers.push(...triggers.map(({ instruction }) => instruction));
    for (const trigger of triggers) {
      await carryOut(trigger.instruction).catch((error: unknown) => {
        throw triggerError(error, trigger);
      });
    }
    for (const instruction of stage.instructions) await carryOut(instruction);
    return {
      ...beginning,
      steps: [...beginning.steps, ...steps],
      files,
      config: evaluator.config,
      arguments: evaluator.arguments,
      author: evaluator.author,
    };
  }

  /** What a stage finds before its first instruction. The configuration is undefined where it begins with nothing. */
  async #beginning(planned: PlannedStage): Promise<Omit<BuiltStage, 'config'> & Partial<Pick<BuiltStage, 'config'>>> {
    const { base, stage } = planned;
    if (base.kind === 'stage') return this.#builtStage(base.index);
    const platform = stagePlatform(planned) ?? this.input.platform;
    const nothing = { steps: [], arguments: new Map<string, string>(), author: undefined };
    if (base.kind === 'scratch')
      return { ...nothing, base: undefined, files: FileTree.empty, platform, wantedPlatform: platform };
    const image = await this.input.images.open(base, platform, stage.line);
    const { config } = image;
    return {
      ...nothing,
      base: image,
      files: this.#imageFiles(image),
      config: config.config ?? {},
      author: config.author,
      platform: imagePlatform(config, platform),
      wantedPlatform: platform,
    };
  }

  async #layer(
    { instruction, config }: EvaluatedInstruction,
    target: FileTree,
    planned: PlannedStage,
  ): Promise<Layer | undefined> {
    this.input.signal?.throwIfAborted();
    const { kind, line } = instruction;
    const workingDirectory = config.WorkingDir ?? '/';
    if (kind === 'WORKDIR') {
      return workdirLayer({ line, path: workingDirectory, user: config.User, target }, this.input);
    }
    if (kind !== 'COPY' && kind !== 'ADD') return undefined;
    const { sources, inlineFiles, destination, chown, chmod, exclude } = instruction;
    const request = { instruction: kind, line, sources, inlineFiles, destination, workingDirectory, chown, chmod };
    const more = kind === 'COPY' ? { parents: instruction.parents } : { unpack: instruction.unpack };
    const from = await this.#copySource(instruction, planned);
    return copyLayer({ ...request, ...more, exclude, from, target }, this.input);
  }

  async #copySource(instruction: CopyInstruction | AddInstruction, planned: PlannedStage): Promise<CopySource> {
    const { context, contextFiles, dockerfile, images } = this.input;
    const name = instruction.kind === 'COPY' ? instruction.from : undefined;
    if (name === undefined) return { kind: 'context', context, tree: contextFiles };
    const { line } = instruction;
    // The triggers of a base are known only now, and what they copy from with them.
    const source: FileSource =
      planned.copySources.get(name) ?? copySource(dockerfile.stages, planned.index, { from: name, line });
    if (source.kind === 'stage') return { kind: 'stage', name, tree: (await this.#builtStage(source.index)).files };
    if (source.kind === 'scratch') return { kind: 'stage', name, tree: FileTree.empty };
    const image = await images.open(source, this.input.platform, line);
    return { kind: 'stage', name, tree: this.#imageFiles(image) };
  }

  async #builtStage(index: number): Promise<BuiltStage> {
    return this.#built.get(index) ?? (await this.#buildUpTo(String(index)));
  }

  #imageFiles({ source, image }: BaseImage): FileTree {
    return FileTree.ofImage({ source, layers: image.layers, cacheFolder: this.input.cacheFolder });
  }

  /** Only an image of the registry can be of another platform: one that is for a single platform is taken as it is. */
  #otherPlatform({ base, platform, wantedPlatform }: BuiltStage): void {
    const wanted = formatPlatform(wantedPlatform);
    const message = `The base image ${base?.reference.toString()} is for ${formatPlatform(platform)}, not for ${wanted}.`;
    if (!this.input.strictPlatform) return this.input.warn(message, 'So is the image that is built upon it.');
    const fix = `Use a base image that is for ${wanted}, or build for ${formatPlatform(platform)}.`;
    throw new UsageError({ code: 'PLATFORM_NOT_FOUND', message, fix });
  }

  #otherStage({ platform }: BuiltStage): void {
    const message = `The image is for ${formatPlatform(platform)}, not for ${formatPlatform(this.input.platform)}.`;
    this.input.warn(message, 'So FROM --platform says of the stage that it is.');
  }
}

/** What an image is for. One that says no variant is taken to be for the one that is wanted: its index may have said so. */
function imagePlatform({ os, architecture, variant }: ImageConfig, wanted: Platform): Platform {
  const meant = variant || (architecture === wanted.architecture ? wanted.variant : undefined);
  return { os, architecture, ...(meant === undefined ? {} : { variant: meant }) };
}

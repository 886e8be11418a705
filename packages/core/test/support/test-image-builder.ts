import { inject, optional } from 'inversify';
import {
  ArtifactStore,
  type BuildPlan,
  type BuildRequest,
  type BuildResult,
  ComponentConfiguration,
  ComponentInfo,
  ContainerRegistry,
  type ImageBuilder,
  Logger,
  Stack,
  type StackProblem,
} from '../../src/index.js';
import { Greeter } from './greeter.js';

/** Shows what it was given, and demands a registry that is not on this machine. */
export class TestImageBuilder implements ImageBuilder {
  constructor(
    @inject(ComponentInfo) readonly info: ComponentInfo,
    @inject(ComponentConfiguration) readonly configuration: Record<string, unknown>,
    @inject(Logger) readonly logger: Logger,
    @inject(Stack) readonly stack: Stack,
    @inject(ContainerRegistry) @optional() readonly registry: ContainerRegistry | undefined,
    @inject(ArtifactStore) @optional() readonly artifacts: ArtifactStore | undefined,
    @inject(Greeter) readonly greeter: Greeter,
    @inject(Greeter) readonly sameGreeter: Greeter,
  ) {}

  validate(stack: Stack): readonly StackProblem[] {
    if (stack.get('container_registry')?.isLocal !== true) return [];
    return [
      { message: 'The registry is on this machine.', reason: 'A cluster cannot reach it.', fix: 'Use a remote one.' },
    ];
  }

  plan(request: BuildRequest): Promise<BuildPlan> {
    return Promise.resolve({ buildId: request.buildId ?? 'random', tags: request.tags, resources: [] });
  }

  build(request: BuildRequest): Promise<BuildResult> {
    const images = request.tags.map((tag) => ({ tag, reference: `${tag}@sha256:0` }));
    return Promise.resolve({ buildId: request.buildId ?? 'random', digest: 'sha256:0', images, timings: [] });
  }
}

import { inject } from 'inversify';
import { ContainerRegistry } from '../../src/index.js';
import { TestImageBuilder } from './test-image-builder.js';

/** Cannot be made where the stack has no registry. */
export class NeedyImageBuilder extends TestImageBuilder {
  @inject(ContainerRegistry) readonly needed!: ContainerRegistry;
}

import { UsageError } from '../../src/index.js';
import { TestImageBuilder } from './test-image-builder.js';

/** Says itself why it cannot be made. */
export class ChoosyImageBuilder extends TestImageBuilder {
  readonly refusal: never = refuse();
}

function refuse(): never {
  throw new UsageError({ code: 'NO_KUBECONFIG', message: 'There is no kubeconfig.' });
}

import { inject } from 'inversify';
import { ComponentInfo } from '../../src/index.js';

/** A service of the test plugin's own. */
export class Greeter {
  constructor(@inject(ComponentInfo) private readonly info: ComponentInfo) {}

  greeting(): string {
    return `I serve ${this.info.name}`;
  }
}

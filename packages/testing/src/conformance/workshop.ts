import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ComponentInfo,
  type ComponentOf,
  type ComponentType,
  createSlipway,
  defineFlavor,
  definePlugin,
  type Flavor,
  type Slipway,
  Stack,
} from '@slipway/core';
import { inject } from 'inversify';
import { z } from 'zod';
import type { ConformanceSubject } from './conformance-subject.js';

/** Says which stack it is part of: the way to the other components. */
class Probe {
  constructor(
    @inject(ComponentInfo) readonly info: ComponentInfo,
    @inject(Stack) readonly stack: Stack,
  ) {}

  plan(): Promise<never> {
    return Promise.reject(new Error('builds nothing'));
  }

  build(): Promise<never> {
    return Promise.reject(new Error('builds nothing'));
  }
}

const probePlugin = definePlugin({
  apiVersion: 1,
  name: 'conformance-probe',
  version: '1.0.0',
  flavors: [
    defineFlavor({
      type: 'image_builder',
      name: 'conformance-probe',
      description: 'Reaches the components of a stack.',
      configSchema: z.strictObject({}),
      implementation: () => Promise.resolve(Probe),
    }),
  ],
});

/** A Slipway with a folder of its own, in which a flavor is tried. */
export class Workshop {
  /** What components said through their logger. */
  readonly said: string[] = [];

  private constructor(
    readonly folder: string,
    readonly slipway: Slipway,
    private readonly type: ComponentType,
    private readonly subject: ConformanceSubject,
    said: string[],
  ) {
    this.said = said;
  }

  /** Runs something in a workshop of its own, which is gone afterwards. */
  static async with<T>(
    type: ComponentType,
    subject: ConformanceSubject,
    use: (workshop: Workshop) => Promise<T>,
  ): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-conformance-'));
    const said: string[] = [];
    const say = (message: string): void => void said.push(message);
    const plugins = [
      ...(subject.plugin === undefined ? [] : [subject.plugin]),
      ...(subject.plugins ?? []),
      probePlugin,
    ];
    const slipway = await createSlipway({
      configDirectory: join(folder, 'configuration'),
      plugins,
      logger: { debug: say, info: say, warn: say },
      environment: {},
      workingDirectory: folder,
    });
    try {
      return await use(new Workshop(folder, slipway, type, subject, said));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  flavor(): Promise<Flavor> {
    return this.slipway.flavors.load(this.type, this.subject.flavor);
  }

  /** Registers the component under the name `subject`. */
  async register(configuration = this.subject.configuration): Promise<void> {
    const { flavor } = this.subject;
    await this.slipway.components.register({ type: this.type, flavor, name: 'subject', configuration });
  }

  /** Registers the component and its neighbours, and makes a stack of them active. */
  async assemble(): Promise<void> {
    await this.register();
    const components: Partial<Record<ComponentType, string>> = { [this.type]: 'subject' };
    for (const [type, { flavor, configuration }] of Object.entries(this.subject.stack ?? {})) {
      await this.slipway.components.register({ type: type as ComponentType, flavor, name: 'neighbour', configuration });
      components[type as ComponentType] = 'neighbour';
    }
    await this.slipway.stacks.register('subject', components, { activate: true });
  }

  /** The component, ready to use: one that is no image builder. */
  async component<T extends Exclude<ComponentType, 'image_builder'>>(type: T): Promise<ComponentOf<T>> {
    await this.assemble();
    const { components, stacks } = this.slipway;
    await components.register({
      type: 'image_builder',
      flavor: 'conformance-probe',
      name: 'probe',
      configuration: {},
    });
    await stacks.update('subject', { image_builder: 'probe' });
    const probe = (await this.slipway.imageBuilder()) as unknown as Probe;
    return probe.stack.get(type) as ComponentOf<T>;
  }
}

import { expect } from 'chai';
import { inject } from 'inversify';
import { z } from 'zod';
import {
  type BuildControl,
  type BuildEvent,
  type BuildRequest,
  ComponentInfo,
  createSlipway,
  defineFlavor,
  definePlugin,
  diagnose,
  type DoctorCheck,
  type ImageBuilder,
  type Slipway,
  SlipwayError,
  type StackProblem,
  UsageError,
} from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const described = {
  code: 'REGISTRY_SPEAKS_HTTP',
  message: 'The registry registry.test does not speak HTTPS.',
  fix: 'slipway container-registry update REGISTRY --insecure=true, slipway image-builder describe NAME, slipway stack describe STACK, slipway image-builder register NAME --flavor=x',
};
const fix =
  'slipway container-registry update reg --insecure=true, slipway image-builder describe kb, slipway stack describe prod, slipway image-builder register NAME --flavor=x';
let error: Error = new SlipwayError(described);

/** Fails as it is told to. */
class FailingImageBuilder implements ImageBuilder {
  constructor(@inject(ComponentInfo) readonly info: ComponentInfo) {}

  validate(): readonly StackProblem[] {
    return this.info.name === 'bad'
      ? [{ message: 'it is bad.', fix: 'slipway image-builder update NAME --good=true' }]
      : [];
  }

  plan(): Promise<never> {
    return Promise.reject(error);
  }

  build(_: BuildRequest, control?: BuildControl): Promise<never> {
    control?.onEvent?.({ type: 'warning', message: 'registry.test is slow.', fix: described.fix });
    return Promise.reject(error);
  }

  async *doctor(): AsyncGenerator<DoctorCheck> {
    yield await Promise.resolve({ id: 'all', outcome: 'failure', ...described });
  }
}

describe('What is to be done about something wrong', () => {
  const folder = temporaryFolder();
  const request = { contextDirectory: '.', tags: ['a:1'] };
  let slipway: Slipway;

  beforeEach(async () => {
    error = new SlipwayError(described);
    const flavor = defineFlavor({
      type: 'image_builder',
      name: 'failing',
      description: 'Fails.',
      configSchema: z.strictObject({}),
      implementation: () => Promise.resolve(FailingImageBuilder),
    });
    const plugin = definePlugin({ apiVersion: 1, name: 'test', version: '1.0.0', flavors: [flavor] });
    slipway = await createSlipway({ configDirectory: folder(), plugins: [plugin] });
    const registry = { type: 'container_registry', flavor: 'default', name: 'reg' } as const;
    await slipway.components.register({ ...registry, configuration: { uri: 'registry.test/acme' } });
    for (const name of ['kb', 'bad']) {
      await slipway.components.register({ type: 'image_builder', flavor: 'failing', name, configuration: {} });
    }
    await slipway.stacks.register('prod', { image_builder: 'kb', container_registry: 'reg' }, { activate: true });
  });

  it('names the components of the stack that a build has failed in, in errors and in warnings', async () => {
    const warnings: (string | undefined)[] = [];
    const onEvent = (event: BuildEvent) => warnings.push(event.type === 'warning' ? event.fix : undefined);
    const failed = await failure('REGISTRY_SPEAKS_HTTP', () => slipway.build(request, { onEvent }));
    expect(failed.fix).to.equal(fix);
    expect(warnings).to.deep.equal([fix]);
    expect((await failure('REGISTRY_SPEAKS_HTTP', () => slipway.builds.plan(request))).fix).to.equal(fix);
  });

  it('leaves everything else of the error as it was', async () => {
    error = new UsageError({ ...described, reason: 'Because.', cause: error });
    const failed = await failure('REGISTRY_SPEAKS_HTTP', () => slipway.build(request));
    expect(failed).to.be.instanceOf(UsageError);
    expect(failed.toJSON()).to.deep.equal({ ...described, reason: 'Because.', fix });
    expect([failed.exitCode, failed.cause, failed.stack]).to.deep.equal([2, (error as UsageError).cause, error.stack]);
  });

  it('names no registry of the stack where another one is the matter', async () => {
    const message = 'The registry base.test:5000 does not speak HTTPS.';
    error = new SlipwayError({ ...described, message });
    const failed = await failure('REGISTRY_SPEAKS_HTTP', () => slipway.build(request));
    expect(failed.fix).to.include('container-registry update REGISTRY').and.to.include('image-builder describe kb');
  });

  it('names them for doctor, and where a stack would not work', async () => {
    const checks: DoctorCheck[] = [];
    for await (const check of diagnose(await slipway.assemble('prod'))) checks.push(check);
    expect(checks.find(({ id }) => id === 'all')?.fix).to.equal(fix);
    const invalid = await failure('STACK_INVALID', () => slipway.stacks.update('prod', { image_builder: 'bad' }));
    expect(invalid.fix).to.equal('slipway image-builder update bad --good=true');
  });
});

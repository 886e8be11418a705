import { MemoryRegistry } from '@slipway/testing';
import { expect } from 'chai';
import { Workspace } from '../support/workspace.js';

interface Check {
  readonly component: string;
  readonly id: string;
  readonly outcome: string;
  readonly code?: string;
}

describe('slipway doctor', () => {
  let workspace: Workspace;
  let registry: MemoryRegistry;
  beforeEach(async () => {
    workspace = await Workspace.create();
    registry = await MemoryRegistry.start();
    await workspace.setUp(
      ['container-registry', 'register', 'reg', '-f', 'default', `--uri=${registry.host}/acme`, '--insecure=true'],
      ['artifact-store', 'register', 'files', '-f', 'local'],
      ['image-builder', 'register', 'ib', '-f', 'direct'],
      ['stack', 'register', 'all', '-i', 'ib', '-c', 'reg', '-a', 'files', '--set'],
    );
  });
  afterEach(async () => {
    await registry.stop();
    await workspace.remove();
  });

  async function doctor(...args: readonly string[]): Promise<{ exitCode: number | null; items: readonly Check[] }> {
    const { stdout, exitCode } = await workspace.slipway(...args, '-o', 'json');
    return { exitCode, items: (JSON.parse(stdout) as { items: Check[] }).items };
  }
  const told = (items: readonly Check[]): string[] =>
    items.map(({ component, id, outcome }) => `${component}: ${id} ${outcome}`);

  it('looks at the store, and at every component of the stack once', async () => {
    const { exitCode, items } = await doctor('doctor');
    expect(told(items)).to.deep.equal([
      'store: store ok',
      'store: secrets ok',
      'store: store-permissions ok',
      'image-builder ib: cache ok',
      'container-registry reg: container-registry ok',
      'container-registry reg: container-registry-push ok',
      'artifact-store files: artifact-store ok',
    ]);
    expect(exitCode).to.equal(0);
  });

  it('looks at a registry by itself, and with the builder that uses it', async () => {
    registry.login = 'someone:secret';
    for (const noun of ['container-registry', 'image-builder']) {
      const { exitCode, items } = await doctor(noun, 'doctor');
      expect(items.find(({ outcome }) => outcome === 'failure')).to.include({
        component: 'container-registry reg',
        code: 'REGISTRY_UNAUTHORIZED',
      });
      expect(exitCode).to.equal(1);
    }
  });

  it('tells a store that is broken, and asks nobody else', async () => {
    await workspace.file('config/store.json', '{');
    const { exitCode, items } = await doctor('doctor');
    expect(items[0]).to.include({ component: 'store', outcome: 'failure', code: 'STORE_BROKEN' });
    expect(items.map(({ component }) => component)).to.not.include('image-builder ib');
    expect(exitCode).to.equal(1);
  });
});

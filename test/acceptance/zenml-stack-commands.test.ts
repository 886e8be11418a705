import { expect } from 'chai';
import { Workspace } from '../support/workspace.js';

// Command lines of ZenML's documentation about stacks and components, with `slipway` for `zenml`; of an orchestrator there is nothing here.
const session: readonly (readonly string[])[] = [
  ['integration', 'install', 'kaniko', '-y'],
  ['artifact-store', 'register', 'my_store', '-f', 'local', '-l', 'team=payments'],
  ['container-registry', 'register', 'my_registry', '-f', 'default', '--uri=ghcr.io/acme', '--label', 'team=payments'],
  ['image-builder', 'register', 'my_builder', '--flavor=kaniko', '--kubernetes_context=dev'],
  ['image-builder', 'update', 'my_builder', '--env=[{"name": "A", "value": "b"}]', '-l', 'tier=1'],
  ['image-builder', 'remove-attribute', 'my_builder', '--env'],
  ['image-builder', 'copy', 'my_builder', 'other'],
  ['image-builder', 'rename', 'other', 'spare'],
  ['image-builder', 'describe', 'spare'],
  ['image-builder', 'explain'],
  ['image-builder', 'flavor', 'list'],
  ['image-builder', 'flavor', 'describe', 'kaniko'],
  ['image-builder', 'list', '--name=contains:builder', '--columns', 'name,flavor', '--output', 'json'],
  ['stack', 'register', 'cloud', '-a', 'my_store', '-c', 'my_registry', '-i', 'my_builder', '--set'],
  ['stack', 'list'],
  ['stack', 'get'],
  ['image-builder', 'get'],
  ['stack', 'describe', 'cloud'],
  ['stack', 'describe', '-o', 'yaml'],
  ['stack', 'update', 'cloud', '-i', 'spare'],
  ['stack', 'update', '--image_builder', 'my_builder'],
  ['stack', 'copy', 'cloud', 'copied'],
  ['stack', 'rename', 'copied', 'renamed'],
  ['stack', 'remove-component', 'renamed', '-a'],
  ['stack', 'set', 'default'],
  ['stack', 'delete', 'renamed', '-y'],
  ['stack', 'delete', 'cloud', '--yes', '--recursive'],
  ['image-builder', 'delete', 'spare'],
];

// What is done otherwise, and what the message has to name.
const others: readonly [args: readonly string[], instead: string][] = [
  [['stack', 'set-default'], 'slipway stack set default'],
  [['stack', 'up'], 'Slipway deploys nothing'],
  [['stack', 'register-secrets'], 'slipway secret create'],
  [['image-builder', 'connect', 'my_builder'], 'There are no service connectors'],
  [['image_builder', 'logs'], 'slipway build --progress plain'],
  [['secret', 'get', 'x'], 'slipway secret describe'],
  [['orchestrator', 'list'], 'no orchestrators'],
  [['init'], 'slipway.yaml'],
  [['version'], 'slipway --version'],
  [['status'], 'slipway stack get'],
];

describe("ZenML's commands of stacks, with slipway in place of zenml", () => {
  let workspace: Workspace;

  before(async () => {
    workspace = await Workspace.create();
  });
  after(() => workspace.remove());

  it('do what they do there', async () => {
    for (const args of session) {
      const { stderr, exitCode } = await workspace.slipway(...args);
      expect(exitCode, `slipway ${args.join(' ')}\n${stderr}`).to.equal(0);
      expect(stderr, args.join(' ')).not.to.match(/Error|Warning/);
    }
    const { stdout } = await workspace.slipway('stack', 'list', '-o', 'name');
    expect(stdout).to.equal('default\n');
    expect((await workspace.slipway('image-builder', 'list', '-o', 'name')).stdout).to.equal('default\n');
  }).timeout(60_000);

  it('say what to use where there is no such thing', async () => {
    const results = await Promise.all(others.map(([args]) => workspace.slipway(...args)));
    for (const [index, { stdout, stderr, exitCode }] of results.entries()) {
      expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: 2 });
      expect(stderr).to.include(others[index]?.[1]).and.to.include('Code: UNKNOWN_COMMAND');
    }
    const register = await workspace.slipway('stack', 'register', 'mine', '-o', 'default', '-a', 'default');
    expect(register.stderr).to.include('no orchestrators').and.to.include('Code: UNKNOWN_OPTION');
  });
});

import { expect } from 'chai';
import { Workspace } from '../support/workspace.js';

const kubeconfig = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'dev',
  clusters: [{ name: 'dev', cluster: { server: 'https://cluster.invalid' } }],
  users: [{ name: 'me', user: { token: 'the-token' } }],
  contexts: [{ name: 'dev', context: { cluster: 'dev', user: 'me', namespace: 'builds' } }],
};

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly subjects?: readonly object[];
  readonly items?: readonly Manifest[];
}

describe('slipway image-builder rbac', () => {
  let workspace: Workspace;
  before(async () => {
    workspace = await Workspace.create();
    await workspace.file('kubeconfig', JSON.stringify(kubeconfig));
    const flags = ['--kubernetes_context=dev', `--kubeconfig=${workspace.directory}/kubeconfig`];
    await workspace.setUp(['image-builder', 'register', 'kb', '-f', 'kaniko', ...flags]);
  });
  after(() => workspace.remove());

  async function json(...args: readonly string[]): Promise<Manifest> {
    const { stdout } = await workspace.slipway('image-builder', 'rbac', 'kb', '-o', 'json', ...args);
    return JSON.parse(stdout) as Manifest;
  }

  it('prints a Role of the namespace that builds use, as YAML, without asking the cluster', async () => {
    const { stdout, stderr, exitCode } = await workspace.slipway('image-builder', 'rbac', 'kb');
    expect(stdout).to.include('kind: Role\n').and.to.include('namespace: builds').and.to.include('name: slipway-kb');
    expect(stdout).to.not.include('the-token').and.not.include("'*'");
    expect({ stderr, exitCode }).to.deep.equal({ stderr: '', exitCode: 0 });
  });

  it('binds it to those who are named', async () => {
    const { items = [] } = await json('--user=anna', '--group=builders', '--service-account=ci/pipelines');
    expect(items.map(({ kind }) => kind)).to.deep.equal(['Role', 'RoleBinding']);
    const apiGroup = 'rbac.authorization.k8s.io';
    expect(items[1]?.subjects).to.deep.equal([
      { kind: 'User', name: 'anna', apiGroup },
      { kind: 'Group', name: 'builders', apiGroup },
      { kind: 'ServiceAccount', name: 'pipelines', namespace: 'ci' },
    ]);
  });

  it('lets doctor read more where that is asked for', async () => {
    const resources = ({ items = [], rules = [] }: Manifest): readonly string[] =>
      [...rules, ...items.flatMap((item) => item.rules ?? [])].flatMap((rule) => rule.resources);
    const [least, more] = [resources(await json()), resources(await json('--doctor'))];
    expect(least).to.not.include('resourcequotas');
    expect(more).to.include.members([...least, 'resourcequotas']);
  });

  it('says of a builder that needs no cluster that it needs no permissions there', async () => {
    await workspace.setUp(['image-builder', 'register', 'plain', '-f', 'direct']);
    const { stderr, exitCode } = await workspace.slipway('image-builder', 'rbac', 'plain');
    expect(stderr).to.include('Code: NO_PERMISSIONS_NEEDED');
    expect(exitCode).to.equal(2);
  });
});

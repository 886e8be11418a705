import type { DoctorCheck } from '@slipway/core';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

describe('The doctor of a kaniko builder', () => {
  const used = useBench();

  async function checks(configuration: Record<string, unknown> = {}): Promise<readonly DoctorCheck[]> {
    const { bench } = used;
    await bench.configure(configuration);
    const builder = await bench.slipway.imageBuilder();
    const found: DoctorCheck[] = [];
    for await (const check of builder.doctor?.() ?? []) found.push(check);
    return found;
  }

  /** What is not well. */
  async function problems(configuration: Record<string, unknown> = {}): Promise<readonly DoctorCheck[]> {
    return (await checks(configuration)).filter(({ outcome }) => outcome !== 'ok');
  }

  async function problem(id: string, configuration: Record<string, unknown> = {}): Promise<DoctorCheck> {
    const found = await problems(configuration);
    expect(found.map((check) => check.id)).to.deep.equal([id]);
    return found[0] as DoctorCheck;
  }

  it('finds nothing where all is well, and makes nothing in the cluster', async () => {
    const found = await checks();
    expect(found.filter(({ outcome }) => outcome !== 'ok' && outcome !== 'warning')).to.deep.equal([]);
    expect(found.map(({ id }) => id)).to.include.members([
      ...['executor-image', 'kubeconfig', 'kubernetes-api', 'kubernetes-permissions', 'namespace', 'pod-security'],
      ...['pod-references', 'admission'],
    ]);
    expect(used.bench.left).to.deep.equal([]);
  });

  for (const [verb, resource, outcome] of [
    ['create', 'jobs', 'failure'],
    ['get', 'jobs', 'warning'],
    ['watch', 'pods', 'failure'],
    ['get', 'pods/attach', 'failure'],
    ['get', 'pods/log', 'warning'],
    ['list', 'events', 'warning'],
  ] as const) {
    it(`names the one permission that is missing: ${verb} ${resource}`, async () => {
      used.bench.api.forbid({ verb, resource });
      const missing = await problem('kubernetes-permissions');
      expect(missing).to.include({ outcome, code: 'KUBERNETES_FORBIDDEN' });
      expect(missing.message).to.match(new RegExp(`let you ${verb} ${resource} in namespace builds`));
      expect(missing.fix).to.include('slipway image-builder rbac kb');
    });
  }

  it('asks for what a turn needs only where builds wait for one', async () => {
    used.bench.api.forbid({ verb: 'watch', resource: 'jobs' });
    expect(await problems()).to.deep.equal([]);
  });

  it('says that the namespace is missing, and nothing of what cannot be in it', async () => {
    const missing = await problem('namespace', { kubernetes_namespace: 'nowhere' });
    expect(missing).to.include({ outcome: 'failure', code: 'NAMESPACE_NOT_FOUND' });
    expect(missing.fix).to.include('create namespace nowhere');
  });

  it('says that the pod security level of the namespace does not admit the executor', async () => {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    used.bench.api.put('namespaces', '', { metadata: { name: 'builds', labels } } as never);
    expect((await problem('pod-security')).fix).to.include('=baseline');
  });

  it('says what of the things is missing that the pod names', async () => {
    const found = await problems({
      service_account_name: 'builder',
      image_pull_secrets: [{ name: 'pull' }],
      env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'aws', key: 'id' } } }],
      env_from: [{ configMapRef: { name: 'settings', optional: true } }],
      volumes: [{ name: 'cache', persistentVolumeClaim: { claimName: 'layers' } }],
      priority_class_name: 'urgent',
      runtime_class_name: 'gvisor',
    });
    expect(found.map(({ message }) => message)).to.have.members([
      "The namespace builds has no service account 'builder'.",
      "The namespace builds has no secret 'pull'.",
      "The namespace builds has no secret 'aws'.",
      "The namespace builds has no volume claim 'layers'.",
      "The cluster has no priority class 'urgent'.",
      "The cluster has no runtime class 'gvisor'.",
    ]);
  });

  it('says which key a Secret lacks, and shows none of its values', async () => {
    used.bench.api.put('secrets', 'builds', { metadata: { name: 'aws' }, data: { other: 'aHVzaA==' } } as never);
    used.mayLeave(/^Secret aws/);
    const env = [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'aws', key: 'id' } } }];
    const found = await problem('secret', { env });
    expect(found.message).to.equal("The secret 'aws' has no 'id'.");
    expect(JSON.stringify(found)).to.not.include('aHVzaA==').and.not.include('hush');
  });

  it('compares what a build asks for with quotas and limit ranges', async () => {
    const { api } = used.bench;
    const status = { hard: { 'limits.memory': '4Gi', 'count/jobs.batch': '5' }, used: { 'limits.memory': '3Gi' } };
    api.put('resourcequotas', 'builds', { metadata: { name: 'team' }, spec: {}, status } as never);
    const limits = [{ type: 'Container', max: { cpu: '2' } }];
    api.put('limitranges', 'builds', { metadata: { name: 'bounds' }, spec: { limits } } as never);
    const found = await problems({ resources: { requests: { cpu: '3' }, limits: { memory: '2Gi' } } });
    expect(found.map(({ code, reason }) => [code, reason])).to.deep.equal([
      ['LIMIT_RANGE_VIOLATED', 'cpu 3 is more than its maximum, 2.'],
      ['QUOTA_EXCEEDED', 'A build asks for limits.memory 2Gi; 3Gi of 4Gi are used.'],
    ]);
  });

  it('says what the admission of the cluster refuses, by a dry run', async () => {
    const message = 'admission webhook "policy.example.com" denied the request: no builds on Fridays';
    used.bench.api.faults.answer({ method: 'POST', path: /\/jobs\?dryRun=All/, code: 403, message });
    const found = await problem('admission');
    expect(found).to.include({ code: 'POD_REFUSED', outcome: 'failure' });
    expect(found.reason).to.include('no builds on Fridays');
  });

  it('says in one line what it was not allowed to look at', async () => {
    for (const resource of ['resourcequotas', 'limitranges']) used.bench.api.forbid({ verb: 'list', resource });
    for (const resource of ['namespaces', 'serviceaccounts']) used.bench.api.forbid({ verb: 'get', resource });
    const found = await problem('kubernetes-unseen');
    expect(found.outcome).to.equal('warning');
    for (const what of ['the namespace', 'service accounts', 'resource quotas', 'limit ranges']) {
      expect(found.message).to.include(what);
    }
    expect(found.fix).to.include('--doctor');
  });

  it('says that the cluster is away', async () => {
    await used.bench.api.goAway();
    const found = await checks();
    expect(found.find(({ outcome }) => outcome === 'failure')).to.include({
      id: 'kubernetes-api',
      code: 'CLUSTER_UNREACHABLE',
    });
  });

  it('looks at the mirrors and at the repository of the cache', async () => {
    const { registry } = used.bench;
    const known = { registry_mirrors: ['registry.invalid'], cache: true, cache_repo: 'layers' };
    const found = await checks(known);
    expect(found.find(({ id }) => id === 'cache-repository')).to.include({
      outcome: 'ok',
      message: `Layers can be kept in ${registry.host}/layers.`,
    });
    expect(found.find(({ id }) => id === 'registry-mirror')).to.include({
      outcome: 'warning',
      code: 'REGISTRY_UNREACHABLE',
    });
  });

  it('has the artifact store looked at only where contexts go through it', async () => {
    const { bench } = used;
    await bench.configure({ store_context_in_artifact_store: true }, {}, { folder: bench.folder });
    expect((await bench.slipway.imageBuilder()).uses).to.deep.equal(['container_registry', 'artifact_store']);
    await bench.slipway.components.update('image_builder', 'kb', { store_context_in_artifact_store: false });
    expect((await bench.slipway.imageBuilder()).uses).to.deep.equal(['container_registry']);
  });

  it('says that the kubeconfig has no such context', async () => {
    const found = await problem('kubeconfig', { kubernetes_context: 'def' });
    expect(found.reason).to.include("Did you mean 'dev'?");
  });

  for (const [image, outcome] of [
    ['gcr.io/kaniko-project/executor:v1.24.0', 'warning'],
    ['ghcr.io/osscontainertools/kaniko:latest', 'warning'],
    ['ghcr.io/OSS/kaniko:v1', 'failure'],
  ] as const) {
    it(`looks at the executor image: ${image} is a ${outcome}`, async () => {
      expect(await problem('executor-image', { executor_image: image })).to.include({ outcome });
    });
  }

  it('names the flags that the executor of that version does not know', async () => {
    const executor_image = 'registry.example.com/kaniko:v1.23.2';
    const executor_args = ['--pre-cleanup', '--push-retry=3', '--use-new-rum'];
    const found = await problems({ executor_image, executor_args });
    expect(found.map(({ message }) => message)).to.deep.equal([
      'The executor of version 1.23.2 does not know the flag --pre-cleanup.',
      'The executor of version 1.23.2 does not know the flag --use-new-rum.',
    ]);
    expect(found[1]?.reason).to.equal("Did you mean 'use-new-run'?");
  });
});

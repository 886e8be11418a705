import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import type { SlipwayEnd } from '../support/slipway-process.js';

interface Kubeconfig {
  clusters: { name: string; cluster: Record<string, unknown> }[];
  users: { name: string; user: Record<string, unknown> }[];
  contexts: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
}

describeEndToEnd('what a cluster does to builds', [], (world) => {
  const nothing = 'FROM scratch\nCOPY Dockerfile /\n';
  const sleeping = (): string => `FROM ${endToEndEnvironment.baseImage}\nRUN sleep 60\n`;

  /** Builds with a builder that has these attributes more. */
  async function build(attributes: readonly string[], dockerfile = nothing): Promise<SlipwayEnd> {
    const { run } = world;
    const configuration = await run.stack();
    if (attributes.length > 0) {
      await run.start(configuration, 'image-builder', 'update', run.name, ...attributes).succeeds();
    }
    const context = await run.context({ Dockerfile: dockerfile });
    return run.start(configuration, 'build', context, '-t', 'failures/cluster:1').end;
  }

  function expectFailure({ stdout, stderr, exitCode }: SlipwayEnd, code: string): void {
    expect(stderr)
      .to.match(new RegExp(`^Code: ${code}$`, 'm'))
      .and.to.match(/^Fix: /m);
    expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: 1 });
  }

  /** While the work goes on, this object is in the namespace. */
  async function having(object: object, work: () => Promise<void>): Promise<void> {
    const { cluster, directory } = world.run;
    const path = join(directory, 'object.json');
    await writeFile(path, JSON.stringify(object));
    await cluster.kubectl('apply', `--filename=${path}`);
    try {
      await work();
    } finally {
      await cluster.kubectl('delete', `--filename=${path}`);
    }
  }

  for (const [what, attributes, code] of [
    ['a service account that is not there', ['--service_account_name=nowhere'], 'SERVICE_ACCOUNT_NOT_FOUND'],
    [
      'a volume whose secret is not there',
      [
        '--volumes=[{"name": "v", "secret": {"secretName": "nowhere"}}]',
        '--volume_mounts=[{"name": "v", "mountPath": "/v"}]',
      ],
      'POD_CONFIGURATION_INVALID',
    ],
    [
      'an environment from a secret that is not there',
      ['--env_from=[{"secretRef": {"name": "nowhere"}}]'],
      'POD_CONFIGURATION_INVALID',
    ],
    ['a priority class that is not there', ['--priority_class_name=nowhere'], 'POD_CONFIGURATION_INVALID'],
    [
      'no node with room',
      ['--resources={"requests": {"memory": "900Ti"}}', '--pod_running_timeout=3'],
      'POD_UNSCHEDULABLE',
    ],
    ['a flag that the executor does not know', ['--executor_args=["--nonsense"]'], 'EXECUTOR_ARGUMENT_INVALID'],
    ['an executor image that is no reference', ['--executor_image=UPPER/case:1'], 'EXECUTOR_IMAGE_INVALID'],
  ] as const) {
    it(`${what}: ${code}`, async () => {
      expectFailure(await build(attributes), code);
    });
  }

  it('a quota that is used up: QUOTA_EXCEEDED', async () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none' },
      spec: { hard: { pods: '0' } },
    };
    await having(quota, async () => expectFailure(await build([]), 'QUOTA_EXCEEDED'));
  });

  it('a limit range that allows less: LIMIT_RANGE_VIOLATED', async () => {
    const limits = [{ type: 'Container', max: { memory: '64Mi' } }];
    const range = { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'small' }, spec: { limits } };
    const resources = '--resources={"limits": {"memory": "128Mi"}}';
    await having(range, async () => expectFailure(await build([resources]), 'LIMIT_RANGE_VIOLATED'));
  });

  it('a namespace with the pod security level restricted: POD_SECURITY_VIOLATED', async () => {
    const { cluster } = world.run;
    const label = 'pod-security.kubernetes.io/enforce';
    await cluster.kubectl('label', 'namespace', cluster.namespace, `${label}=restricted`);
    try {
      expectFailure(await build([]), 'POD_SECURITY_VIOLATED');
    } finally {
      await cluster.kubectl('label', 'namespace', cluster.namespace, `${label}-`);
    }
  });

  it('the end of its time: BUILD_TIMEOUT', async () => {
    expectFailure(await build(['--build_timeout=6'], sleeping()), 'BUILD_TIMEOUT');
  });

  it('a policy of the cluster that admits no builds: POD_REFUSED', async () => {
    const { cluster, name } = world.run;
    const api = { apiVersion: 'admissionregistration.k8s.io/v1' };
    const metadata = { name: `slipway-${name}` };
    const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
    const policy = {
      ...{ ...api, kind: 'ValidatingAdmissionPolicy', metadata },
      spec: {
        matchConstraints: { resourceRules: [rule] },
        validations: [{ expression: 'false', message: 'no builds on Fridays' }],
      },
    };
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': cluster.namespace } };
    const binding = {
      ...{ ...api, kind: 'ValidatingAdmissionPolicyBinding', metadata },
      spec: { policyName: metadata.name, validationActions: ['Deny'], matchResources: { namespaceSelector } },
    };
    const isAdmitted = (): Promise<boolean> =>
      cluster.kubectl('run', 'admitted', '--image=none', '--restart=Never', '--dry-run=server').then(
        () => true,
        () => false,
      );
    await having({ apiVersion: 'v1', kind: 'List', items: [policy, binding] }, async () => {
      // A policy holds a moment after it was made.
      while (await isAdmitted()) await pause(200);
      const end = await build([]);
      expectFailure(end, 'POD_REFUSED');
      expect(end.stderr).to.include('no builds on Fridays');
    });
    // And a moment after it was removed, which the next test would not survive.
    while (!(await isAdmitted())) await pause(200);
  });

  it('an eviction: POD_EVICTED', async () => {
    const { run } = world;
    const { cluster } = run;
    const configuration = await run.stack();
    const context = await run.context({ Dockerfile: sleeping() });
    const building = run.start(configuration, 'build', context, '-t', 'failures/cluster:2');
    let name: string | undefined;
    let hasEnded = false;
    void building.end.then(() => (hasEnded = true));
    while (name === undefined) {
      if (hasEnded) throw new Error((await building.end).stderr);
      const [pod] = await cluster.list('pods', '--field-selector=status.phase=Running');
      name = pod?.metadata.name;
    }
    const { namespace, directory } = { namespace: cluster.namespace, directory: run.directory };
    const path = join(directory, 'eviction.json');
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    await writeFile(path, JSON.stringify(eviction));
    await cluster.kubectl(
      'create',
      '--raw',
      `/api/v1/namespaces/${namespace}/pods/${name}/eviction`,
      `--filename=${path}`,
    );
    expectFailure(await building.end, 'POD_EVICTED');
  });

  for (const [what, change, code] of [
    ['credentials that have expired', { user: { token: 'expired' } }, 'KUBERNETES_UNAUTHORIZED'],
    [
      'a credential plugin that is not installed',
      {
        user: {
          exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-plugin', interactiveMode: 'Never' },
        },
      },
      'CREDENTIAL_PLUGIN_MISSING',
    ],
    ['a proxy that is not there', { cluster: { 'proxy-url': 'http://127.0.0.1:9' } }, 'CLUSTER_UNREACHABLE'],
    [
      'an authority that is unknown',
      { cluster: { 'certificate-authority-data': undefined, 'certificate-authority': undefined } },
      'CLUSTER_CERTIFICATE_UNTRUSTED',
    ],
  ] as const) {
    it(`${what}: ${code}`, async () => {
      const { run } = world;
      const kubeconfig = JSON.parse(await readFile(run.cluster.kubeconfig, 'utf8')) as Kubeconfig;
      const [own] = kubeconfig.contexts.filter(({ name }) => name === run.cluster.builderContext);
      const server = kubeconfig.clusters.find(({ name }) => name === own?.context.cluster);
      const user = kubeconfig.users.find(({ name }) => name === own?.context.user);
      if (server === undefined || user === undefined) throw new Error('The kubeconfig lacks the context of the tests.');
      if ('cluster' in change) server.cluster = { ...server.cluster, ...change.cluster };
      if ('user' in change) user.user = change.user;
      const path = join(run.directory, 'broken-kubeconfig');
      await writeFile(path, JSON.stringify(kubeconfig));
      expectFailure(await build([`--kubeconfig=${path}`]), code);
    });
  }
});

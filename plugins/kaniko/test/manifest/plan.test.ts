import type { V1Job, V1Secret } from '@kubernetes/client-node';
import { userInfo } from 'node:os';
import { type BuildPlan, type BuildRequest, createSlipway } from '@slipway/core';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import plugin from '../../src/index.js';
import { makeCertificate } from '../support/certificate.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { noLogins } from '../support/environment.js';
import { testPlugin } from '../support/test-plugin.js';

type Attributes = Record<string, unknown>;

describe('The plan of a build', () => {
  const folder = temporaryFolder();
  noLogins();

  interface Planned {
    readonly job: V1Job;
    readonly secret: V1Secret | undefined;
    readonly args: readonly string[];
    readonly contextFiles: BuildPlan['contextFiles'];
    readonly all: string;
  }

  async function plan(
    builder: Attributes = {},
    registry: Attributes = {},
    tags = ['demo/hello:1'],
    { request = {}, dockerfile = 'FROM scratch\n' }: { request?: Partial<BuildRequest>; dockerfile?: string } = {},
  ): Promise<Planned> {
    const slipway = await createSlipway({ configDirectory: join(folder(), 'config'), plugins: [plugin, testPlugin] });
    const { components, stacks } = slipway;
    const context = join(folder(), 'context');
    await mkdir(context, { recursive: true });
    await writeFile(join(context, 'Dockerfile'), dockerfile);
    const configuration = { kubernetes_context: 'dev', ...builder };
    await components.register({ type: 'image_builder', flavor: 'kaniko', name: 'kb', configuration });
    await components.register({
      type: 'container_registry',
      flavor: 'default',
      name: 'reg',
      configuration: { uri: 'registry.example.com:5000/team', ...registry },
    });
    await components.register({
      type: 'artifact_store',
      flavor: 'test',
      name: 'bucket',
      configuration: { folder: folder() },
    });
    await stacks.register(
      'prod',
      { image_builder: 'kb', container_registry: 'reg', artifact_store: 'bucket' },
      { activate: true },
    );
    const builderOfStack = await slipway.imageBuilder();
    const planned = await builderOfStack.plan({ contextDirectory: context, tags, buildId: 'b-1', ...request });
    expect(planned.buildId).to.equal('b-1');
    const [job, secret] = planned.resources as [V1Job, V1Secret | undefined];
    const { contextFiles } = planned;
    return { job, secret, args: containerOf(job)?.args ?? [], contextFiles, all: JSON.stringify(planned) };
  }

  const podOf = (job: V1Job) => job.spec?.template.spec;
  const containerOf = (job: V1Job) => podOf(job)?.containers[0];

  it('is a Job of one try, that ends and goes by itself', async () => {
    const { job, secret } = await plan();
    expect(job).to.include({ apiVersion: 'batch/v1', kind: 'Job' });
    expect(job.metadata?.name).to.equal('slipway-build-b-1');
    expect(job.spec).to.include({ backoffLimit: 0, activeDeadlineSeconds: 3600, ttlSecondsAfterFinished: 600 });
    expect(podOf(job)).to.include({ restartPolicy: 'Never', enableServiceLinks: false });
    expect(secret).to.equal(undefined);
  });

  it('says on Job and pod who builds what, and which build it is', async () => {
    const { job } = await plan({}, {}, ['demo/hello:1', 'demo/hello:2']);
    const labels = {
      'app.kubernetes.io/name': 'kaniko',
      'app.kubernetes.io/component': 'image-builder',
      'app.kubernetes.io/managed-by': 'slipway',
      'slipway.dev/build-id': 'b-1',
      'slipway.dev/image-builder': 'kb',
      'slipway.dev/user': userInfo().username,
    };
    expect(job.metadata?.labels).to.deep.equal(labels);
    expect(job.spec?.template.metadata?.labels).to.include(labels);
    expect(job.metadata?.annotations).to.include({
      'slipway.dev/tags': 'registry.example.com:5000/team/demo/hello:1 registry.example.com:5000/team/demo/hello:2',
    });
  });

  it('keeps meshes away from the pod', async () => {
    const { metadata } = (await plan()).job.spec?.template ?? {};
    expect(metadata?.annotations).to.include({ 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' });
    expect(metadata?.labels).to.include({ 'sidecar.istio.io/inject': 'false' });
  });

  it('takes the context from a standard input that ends with its link, and has no terminal', async () => {
    const container = containerOf((await plan()).job);
    expect(container).to.include({ stdin: true, stdinOnce: true }).and.not.have.property('tty');
    expect(container?.args?.[0]).to.equal('--context=tar://stdin');
  });

  it('takes the context from the artifact store, and has no standard input then', async () => {
    const container = containerOf((await plan({ store_context_in_artifact_store: true })).job);
    expect(container).to.include({ stdin: false, stdinOnce: false });
    expect(container?.args?.[0]).to.equal('--context=test://bucket/kaniko-build-contexts/b-1.tar.gz');
  });

  it("gives the executor its flags in order, the user's last", async () => {
    const { args } = await plan({ executor_args: ['--cache=true', '--verbosity', 'debug'] }, {}, [
      'demo/hello:1',
      'registry.example.com:5000/team/demo/hello:2',
    ]);
    expect(args).to.deep.equal([
      '--context=tar://stdin',
      '--dockerfile=Dockerfile',
      '--destination=registry.example.com:5000/team/demo/hello:1',
      '--destination=registry.example.com:5000/team/demo/hello:2',
      '--image-name-with-digest-file=/dev/termination-log',
      '--cache=true',
      '--verbosity',
      'debug',
    ]);
  });

  it('spares TLS, or its check, for this registry alone', async () => {
    expect((await plan({}, { insecure: true })).args).to.include('--insecure-registry=registry.example.com:5000');
  });

  it('spares the check of certificates for this registry alone', async () => {
    const { args } = await plan({}, { skip_tls_verify: true });
    expect(args).to.include('--skip-tls-verify-registry=registry.example.com:5000');
    expect(args.some((argument) => /insecure|^--skip-tls-verify(=|$)/.test(argument))).to.be.false;
  });

  it("passes on what is Kubernetes' own", async () => {
    const shapes = {
      env: [{ name: 'A', value: 'b' }],
      env_from: [{ secretRef: { name: 's' } }],
      volumes: [{ name: 'v', emptyDir: {} }],
      volume_mounts: [{ name: 'v', mountPath: '/v' }],
    };
    const { job } = await plan({ ...shapes, executor_image: 'kaniko:test', build_timeout: 60 });
    expect(containerOf(job)).to.deep.include({
      image: 'kaniko:test',
      env: shapes.env,
      envFrom: shapes.env_from,
      volumeMounts: shapes.volume_mounts,
    });
    expect(podOf(job)?.volumes).to.deep.equal(shapes.volumes);
    expect(job.spec?.activeDeadlineSeconds).to.equal(60);
  });

  it('mounts no token of a service account', async () => {
    expect(podOf((await plan()).job))
      .to.include({ automountServiceAccountToken: false })
      .and.not.have.property('serviceAccountName');
  });

  it('mounts the token of the service account that was named', async () => {
    const { job } = await plan({ service_account_name: 'builder' });
    expect(podOf(job)).to.include({ automountServiceAccountToken: true, serviceAccountName: 'builder' });
  });

  it('puts what has an attribute where Kubernetes has it', async () => {
    const attributes = {
      resources: { requests: { cpu: 2 }, limits: { memory: '8Gi' } },
      node_selector: { 'node-pool': 'builds' },
      tolerations: [{ key: 'builds', operator: 'Exists' }],
      affinity: { podAntiAffinity: {} },
      image_pull_secrets: [{ name: 'pull' }],
      priority_class_name: 'low',
      pod_security_context: { fsGroup: 1 },
      container_security_context: { capabilities: { drop: ['ALL'] } },
      runtime_class_name: 'gvisor',
      labels: { team: 'vision' },
      annotations: { 'example.com/cost': '1' },
    };
    const { job } = await plan(attributes);
    expect(podOf(job)).to.deep.include({
      nodeSelector: attributes.node_selector,
      tolerations: attributes.tolerations,
      affinity: attributes.affinity,
      imagePullSecrets: attributes.image_pull_secrets,
      priorityClassName: 'low',
      runtimeClassName: 'gvisor',
      securityContext: attributes.pod_security_context,
    });
    expect(containerOf(job)).to.deep.include({
      resources: attributes.resources,
      securityContext: attributes.container_security_context,
    });
    for (const metadata of [job.metadata, job.spec?.template.metadata]) {
      expect(metadata?.labels).to.include({ team: 'vision', 'slipway.dev/build-id': 'b-1' });
      expect(metadata?.annotations).to.include({ 'example.com/cost': '1' });
    }
  });

  it('has the flags of the attributes', async () => {
    const { args } = await plan({
      cache: true,
      cache_repo: 'demo/cache',
      cache_ttl: '72h',
      compressed_caching: false,
      snapshot_mode: 'redo',
      registry_mirrors: ['one.example.com', 'two.example.com:5000/hub'],
    });
    expect(args.slice(4)).to.deep.equal([
      '--registry-mirror=one.example.com',
      '--registry-mirror=two.example.com:5000/hub',
      '--cache=true',
      '--cache-repo=registry.example.com:5000/team/demo/cache',
      '--cache-ttl=72h',
      '--compressed-caching=false',
      '--snapshot-mode=redo',
    ]);
  });

  it('may keep layers in another registry', async () => {
    expect((await plan({ cache_repo: 'other.example.com/cache' })).args).to.include(
      '--cache-repo=other.example.com/cache',
    );
  });

  it('has what the request asks for, which counts more than what executor_args say', async () => {
    const executor_args = ['--cache=true', '--target', 'two', '--custom-platform=linux/arm64', '--verbosity', 'debug'];
    const request = {
      cache: false,
      target: 'one',
      platforms: ['linux/amd64'],
      buildArgs: { A: '1' },
      labels: { b: '2' },
      annotations: { 'org.opencontainers.image.title': 'three' },
    };
    const dockerfile = 'FROM scratch AS one\nFROM one AS two\n';
    const { args, job } = await plan({ executor_args }, {}, ['demo/hello:1'], { request, dockerfile });
    expect(args.slice(4)).to.deep.equal([
      '--cache=false',
      '--build-arg=A=1',
      '--label=b=2',
      '--annotation=org.opencontainers.image.title=three',
      '--target=one',
      '--custom-platform=linux/amd64',
      '--verbosity',
      'debug',
    ]);
    // The executor emulates nothing.
    expect(podOf(job)?.nodeSelector).to.deep.equal({ 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' });
  });

  it('lists the files of the context with their sizes', async () => {
    const { contextFiles } = await plan();
    expect(contextFiles).to.deep.equal([{ path: 'Dockerfile', size: 13 }]);
  });

  it('merges the template last', async () => {
    const { job } = await plan({
      env: [{ name: 'A', value: '1' }],
      job_template: {
        metadata: { annotations: { 'example.com/queue': 'ci' } },
        spec: {
          template: {
            spec: {
              hostUsers: false,
              automountServiceAccountToken: null,
              containers: [{ name: 'kaniko', env: [{ name: 'B', value: '2' }] }],
              initContainers: [{ name: 'warm', image: 'w' }],
            },
          },
        },
      },
    });
    expect(job.metadata?.annotations).to.include({ 'example.com/queue': 'ci' });
    expect(podOf(job)).to.include({ hostUsers: false }).and.not.have.property('automountServiceAccountToken');
    expect(podOf(job)?.initContainers).to.deep.equal([{ name: 'warm', image: 'w' }]);
    expect(containerOf(job)?.env).to.deep.equal([
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ]);
  });

  it('has the secrets of the build in its Secret, as files, and no value anywhere else', async () => {
    const secrets = [
      { id: 'token', value: Buffer.from('open sesame') },
      { id: 'npm.rc', value: Buffer.from('sesame too') },
    ];
    const { job, secret, args, all } = await plan({}, {}, ['demo/hello:1'], { request: { secrets } });
    expect(args.slice(4)).to.deep.equal([
      '--secret=id=token,src=/kaniko/slipway/secret-0',
      '--secret=id=npm.rc,src=/kaniko/slipway/secret-1',
    ]);
    expect(secret?.stringData).to.deep.equal({ 'secret-0': '********', 'secret-1': '********' });
    expect(containerOf(job)?.volumeMounts?.map(({ mountPath }) => mountPath)).to.deep.equal([
      '/kaniko/slipway/secret-0',
      '/kaniko/slipway/secret-1',
    ]);
    for (const form of ['sesame', Buffer.from('open sesame').toString('base64')]) expect(all).to.not.include(form);
  });

  for (const [what, code, secrets] of [
    ['with an id that is a path', 'INVALID_SECRET', [{ id: '../x', value: Buffer.from('x') }]],
    ['with an id that ends the flag', 'INVALID_SECRET', [{ id: 'x,src=/etc/passwd', value: Buffer.from('x') }]],
    ['that is there twice', 'INVALID_SECRET', [1, 2].map(() => ({ id: 'x', value: Buffer.from('x') }))],
    ['of a megabyte', 'SECRETS_TOO_LARGE', [{ id: 'x', value: Buffer.alloc(1024 * 1024 + 1) }]],
  ] as const) {
    it(`refuses a secret ${what}`, async () => {
      await failure(code, plan({}, {}, ['demo/hello:1'], { request: { secrets } }));
    });
  }

  it('keeps the password of a proxy out of the pod', async () => {
    const { job, secret, all } = await plan({
      http_proxy: 'http://proxy.example.com:3128',
      https_proxy: 'http://me:sesame@proxy.example.com:3128',
      no_proxy: '.local',
    });
    expect(containerOf(job)?.env).to.deep.equal([
      { name: 'HTTP_PROXY', value: 'http://proxy.example.com:3128' },
      { name: 'NO_PROXY', value: '.local' },
      { name: 'HTTPS_PROXY', valueFrom: { secretKeyRef: { name: 'slipway-build-b-1', key: 'HTTPS_PROXY' } } },
    ]);
    expect(secret?.stringData).to.deep.equal({ HTTPS_PROXY: '********' });
    expect(all).to.not.include('sesame');
  });

  describe('with credentials', () => {
    const credentials = { username: 'me', password: 'open sesame' };

    it('has a Secret, shown without its values, mounted where the executor looks', async () => {
      const { job, secret, all } = await plan({}, credentials);
      expect(secret?.metadata?.name).to.equal('slipway-build-b-1');
      expect(secret?.stringData).to.deep.equal({ 'config.json': '********' });
      expect(all).to.not.include('sesame').and.not.include(Buffer.from('me:open sesame').toString('base64'));
      expect(containerOf(job)?.volumeMounts).to.deep.equal([
        { name: 'slipway-secret', mountPath: '/kaniko/.docker/config.json', subPath: 'config.json', readOnly: true },
      ]);
      expect(podOf(job)?.volumes).to.deep.equal([
        { name: 'slipway-secret', secret: { secretName: 'slipway-build-b-1', defaultMode: 0o400 } },
      ]);
    });

    it('leaves registries to the cluster where that was said', async () => {
      expect((await plan({ registry_credentials: 'none' }, credentials)).secret).to.equal(undefined);
    });

    it('uses the Secret that was named, of either kind', async () => {
      const { job, secret } = await plan({ registry_credentials: 'login' }, credentials);
      expect(secret).to.equal(undefined);
      expect(containerOf(job)?.volumeMounts).to.deep.equal([
        { name: 'slipway-docker-config', mountPath: '/kaniko/.docker', readOnly: true },
      ]);
      const items = [{ key: '.dockerconfigjson', path: 'config.json' }];
      const sources = [{ secret: { name: 'login' } }, { secret: { name: 'login', items, optional: true } }];
      expect(podOf(job)?.volumes).to.deep.equal([
        { name: 'slipway-docker-config', projected: { sources, defaultMode: 0o400 } },
      ]);
    });

    for (const mountPath of ['/kaniko/.docker', '/kaniko/.docker/', '/kaniko/.docker/config.json']) {
      it(`leaves ${mountPath} to the user who mounts something there`, async () => {
        const volumes = [{ name: 'mine', secret: { secretName: 'mine' } }];
        const { job, secret } = await plan({ volumes, volume_mounts: [{ name: 'mine', mountPath }] }, credentials);
        expect(secret).to.equal(undefined);
        expect(containerOf(job)?.volumeMounts).to.deep.equal([{ name: 'mine', mountPath }]);
      });
    }
  });

  it('adds the authority of the registry to those that the executor trusts', async () => {
    const { cert } = makeCertificate();
    const { job, secret } = await plan({}, { ca_bundle: cert });
    expect(Object.keys(secret?.stringData ?? {})).to.deep.equal(['ca.crt']);
    const [mount] = containerOf(job)?.volumeMounts ?? [];
    expect(mount).to.include({ mountPath: '/kaniko/ssl/certs/slipway-registry.crt', subPath: 'ca.crt' });
  });
});

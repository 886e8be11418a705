import { configurationFields, createSlipway, parseAttributes, type SlipwayError } from '@slipway/core';
import { expect } from 'chai';
import plugin from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { kanikoFlavor } from '../../src/kaniko-flavor.js';

type Attributes = Record<string, unknown>;
const mount = { name: 'v', mountPath: '/v' };

describe('The configuration of the kaniko flavor', () => {
  const folder = temporaryFolder();

  async function registered(attributes: Attributes): Promise<Attributes> {
    const { components } = await createSlipway({ configDirectory: folder(), plugins: [plugin] });
    const configuration = { kubernetes_context: 'dev', ...attributes };
    const registration = { type: 'image_builder', flavor: 'kaniko', name: 'kb', configuration } as const;
    return (await components.register(registration)).component.configuration;
  }
  const refused = (attributes: Attributes, code = 'INVALID_ATTRIBUTE'): Promise<SlipwayError> =>
    failure(code, registered(attributes));

  for (const { name, example } of configurationFields(kanikoFlavor.configSchema)) {
    if (example === undefined) continue;
    it(`takes its own example of ${name}`, async () => {
      const beside = name === 'volume_mounts' ? { volumes: [{ name: 'docker-config', emptyDir: {} }] } : {};
      await registered({ ...beside, ...parseAttributes(kanikoFlavor, { [name]: example }) });
    });
  }

  it('describes each attribute, and gives an example of all but switches', () => {
    const fields = configurationFields(kanikoFlavor.configSchema);
    expect(fields.filter(({ description }) => description === '')).to.deep.equal([]);
    const silent = fields.filter((field) => field.example === undefined && field.default === undefined);
    expect(silent.map(({ name }) => name)).to.deep.equal([]);
  });

  it('has defaults for all but the context', () => {
    expect(kanikoFlavor.configSchema.parse({ kubernetes_context: 'dev' })).to.deep.equal({
      kubernetes_context: 'dev',
      incluster: false,
      executor_image: 'ghcr.io/osscontainertools/kaniko:v1.28.3',
      pod_running_timeout: 300,
      build_timeout: 3600,
      upload_timeout: 1800,
      queue_timeout: 3600,
      env: [],
      env_from: [],
      volumes: [],
      volume_mounts: [],
      executor_args: [],
      store_context_in_artifact_store: false,
      registry_credentials: 'auto',
      registry_mirrors: [],
      node_selector: {},
      nodes_on_demand: false,
      tolerations: [],
      labels: {},
      annotations: {},
      image_pull_secrets: [],
      keep_finished: 3600,
    });
  });

  it('needs a context, unless it builds in the cluster that it runs in', async () => {
    const error = await refused({ kubernetes_context: undefined }, 'MISSING_ATTRIBUTE');
    expect(error.message).to.equal("The flavor 'kaniko' needs 'kubernetes_context'.");
    expect(error.reason).to.include('incluster');
    expect(await registered({ kubernetes_context: undefined, incluster: true })).to.include({ incluster: true });
    expect((await refused({ incluster: true })).message).to.include('kubernetes_context');
    const both = { kubernetes_context: undefined, incluster: true, kubeconfig: '/x' };
    expect((await refused(both)).message).to.include('beside kubeconfig');
    await refused({ kubernetes_context: '' });
  });

  it('names the attribute that was probably meant', async () => {
    expect((await refused({ executor_arg: [] }, 'UNKNOWN_ATTRIBUTE')).reason).to.include("'executor_args'");
  });

  describe('takes', () => {
    const examples: Readonly<Record<string, Record<string, string>>> = {
      'the AWS setup': {
        env: '[{"name": "AWS_SDK_LOAD_CONFIG", "value": "true"}, {"name": "AWS_EC2_METADATA_DISABLED", "value": "true"}]',
      },
      'the GCP setup': {
        kubernetes_namespace: 'builds',
        service_account_name: 'kaniko',
      },
      'the Azure setup': {
        volume_mounts: '[{"name": "docker-config", "mountPath": "/kaniko/.docker/"}]',
        volumes: '[{"name": "docker-config", "configMap": {"name": "docker-config"}}]',
      },
      'more flags': { executor_args: '["--label", "key=value"]' },
      'numbers and booleans as text': { pod_running_timeout: '600', store_context_in_artifact_store: 'True' },
      'every source of a variable': {
        env: JSON.stringify([
          { name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional: true } } },
          { name: 'B', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
          { name: 'C', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'D', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
          { name: 'EMPTY' },
        ]),
        env_from: '[{"secretRef": {"name": "s"}, "prefix": "X_"}, {"configMapRef": {"name": "c", "optional": true}}]',
      },
      'a projected volume, and one of a kind that is checked by the cluster': {
        volumes: JSON.stringify([
          { name: 'v', projected: { sources: [{ secret: { name: 's', items: [{ key: 'k', path: 'p' }] } }] } },
          { name: 'w', iscsi: { targetPortal: '10.0.0.1', iqn: 'iqn', lun: 0 } },
        ]),
        volume_mounts: '[{"name": "v", "mountPath": "/v", "readOnly": true, "subPath": "p"}]',
      },
    };
    for (const [what, attributes] of Object.entries(examples)) {
      it(what, async () => {
        const values = parseAttributes(kanikoFlavor, attributes);
        expect(await registered(values)).to.include(values);
      });
    }
  });

  describe('refuses', () => {
    const cases: readonly [what: string, attributes: Attributes, said: string][] = [
      ['a mount without its path', { volume_mounts: [{ name: 'v' }] }, 'mountPath is missing'],
      [
        'a mount of no volume',
        { volume_mounts: [mount] },
        "volume_mounts' is not valid: [0].name names the volume 'v', which is not in volumes",
      ],
      [
        'a field that Kubernetes does not know',
        { volumes: [{ name: 'v', secret: { secretname: 's' } }] },
        "unknown field 'secretname', did you mean 'secretName'",
      ],
      [
        'a volume of two sources',
        { volumes: [{ name: 'v', emptyDir: {}, secret: { secretName: 's' } }] },
        'more than one',
      ],
      ['a volume of none', { volumes: [{ name: 'v' }] }, 'needs source: one of secret, configMap'],
      ['a variable without name', { env: [{ value: 'x' }] }, 'name is missing'],
      ['a variable whose name has an equals sign', { env: [{ name: 'A=B' }] }, 'environment variable'],
      [
        'a variable with value and source',
        { env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'p' } } }] },
        'both value and valueFrom',
      ],
      ['a variable from nowhere', { env: [{ name: 'A', valueFrom: {} }] }, 'needs source'],
      ['a number as value of a variable', { env: [{ name: 'A', value: 1 }] }, 'must be a string'],
      [
        'an environment of two sources',
        { env_from: [{ secretRef: { name: 's' }, configMapRef: { name: 'c' } }] },
        'more than one',
      ],
      ['a timeout of nothing', { pod_running_timeout: 0 }, 'pod_running_timeout'],
      ['a negative timeout', { build_timeout: -1 }, 'build_timeout'],
      ['a timeout in parts of seconds', { build_timeout: 1.5 }, 'build_timeout'],
      ['a timeout longer than a timer can be', { build_timeout: 3_000_000 }, 'build_timeout'],
      ['a namespace that is no name', { kubernetes_namespace: 'My_Namespace' }, 'name of a Kubernetes namespace'],
      ['a service account that is no name', { service_account_name: 'a/b' }, 'name of a service account'],
      ['an image with a space', { executor_image: 'a b' }, 'image reference'],
      ['an empty argument', { executor_args: [''] }, 'executor_args'],
      ['a kubeconfig that depends on where one stands', { kubeconfig: 'config.yaml' }, 'absolute path'],
      ['a repository with a tag', { cache_repo: 'demo/cache:1' }, 'without tag'],
      ['a mirror with a scheme', { registry_mirrors: ['https://mirror.example.com'] }, '[0] must look like HOST'],
      ['a duration without unit', { cache_ttl: '72' }, 'such as 72h'],
      ['a mode of another word', { snapshot_mode: 'quick' }, 'snapshot_mode'],
      ['a quantity that is none', { resources: { limits: { memory: '8 GB' } } }, 'limits.memory must be a quantity'],
      ['resources of another kind', { resources: { limit: {} } }, "unknown field 'limit', did you mean 'limits'"],
      ['a toleration of nothing', { tolerations: [{ effect: 'NoSchedule' }] }, '[0] needs a key'],
      ['an affinity by another name', { affinity: { nodeAfinity: {} } }, "did you mean 'nodeAffinity'"],
      ['a label that Kubernetes would refuse', { labels: { team: 'a b' } }, 'labels'],
      ['a label of ours', { labels: { 'slipway.dev/build-id': 'x' } }, 'belongs to the builder'],
      ['an annotation of ours', { annotations: { 'slipway.dev/tags': 'x' } }, 'belongs to the builder'],
      ['a label by which the cluster finds pods', { labels: { 'job-name': 'x' } }, 'belongs to the builder'],
      [
        'a root that cannot be written',
        { container_security_context: { readOnlyRootFilesystem: true } },
        'root of its',
      ],
      ['a proxy that is no address', { http_proxy: 'proxy:3128' }, 'must be an address'],
      ['a volume of our name', { volumes: [{ name: 'slipway-secret', emptyDir: {} }] }, 'are its own'],
      ['a flag beside its attribute', { cache: true, executor_args: ['--cache'] }, 'also set by the attribute cache'],
      ['a template of something else', { job_template: { kind: 'Pod' } }, 'kind'],
      ['a template with fields that a Job has not', { job_template: { template: {} } }, 'no field of a Job'],
      ['a template with a deadline', { job_template: { spec: { activeDeadlineSeconds: 1 } } }, 'use build_timeout'],
      ['a template that tries again', { job_template: { spec: { backoffLimit: 3 } } }, 'there is one try'],
      [
        "a template with a label of ours, on the pod or the Job's own",
        { job_template: { metadata: { labels: { 'app.kubernetes.io/managed-by': 'me' } } } },
        'belongs to the builder',
      ],
      [
        "a template with the executor's image",
        { job_template: { spec: { template: { spec: { containers: [{ name: 'kaniko', image: 'x' }] } } } } },
        'spec.template.spec.containers[0].image belongs to the builder: use executor_image',
      ],
      [
        'a template with a container without name',
        { job_template: { spec: { template: { spec: { containers: [{ resources: {} }] } } } } },
        'objects with a name',
      ],
      ['arguments that are no list', { executor_args: '--cache' }, 'executor_args'],
    ];
    for (const [what, attributes, said] of cases) {
      it(what, async () => {
        expect((await refused(attributes)).message).to.include(said);
      });
    }

    for (const [argument, flag] of [
      ['--context=dir:///x', 'context'],
      ['-c', 'context'],
      ['--dockerfile', 'dockerfile'],
      ['-f=Dockerfile', 'dockerfile'],
      ['--destination=elsewhere/x', 'destination'],
      ['-d', 'destination'],
      ['--no-push', 'no-push'],
      ['--tar-path=/x', 'tar-path'],
      ['--image-name-with-digest-file=/x', 'image-name-with-digest-file'],
      ['--digest-file=/x', 'digest-file'],
      ['--cleanup', 'cleanup'],
      ['--log-format=json', 'log-format'],
      ['--log-timestamp', 'log-timestamp'],
      ['--dryrun', 'dryrun'],
      ['--tarPath=/x', 'tar-path'],
      ['--kaniko-dir=/x', 'kaniko-dir'],
      ['-dother/x', 'destination'],
    ] as const) {
      it(`${argument} among executor_args, and says what to use in its place`, async () => {
        const { message } = await refused({ executor_args: ['--cache=true', argument] });
        expect(message).to.match(new RegExp(`--${flag} belongs to the builder: \\S`));
      });
    }
  });

  it('takes executor_args that only look like flags of the builder', async () => {
    await registered({ executor_args: ['--cache', '--context-name=x', '--constructor', '-v=debug'] });
  });
});

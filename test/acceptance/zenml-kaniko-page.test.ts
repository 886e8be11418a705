import { expect } from 'chai';
import { Workspace } from '../support/workspace.js';

const awsEnvironment =
  '--env=[{"name": "AWS_SDK_LOAD_CONFIG", "value": "true"}, {"name": "AWS_EC2_METADATA_DISABLED", "value": "true"}]';
const executorArguments = '--executor_args=["--compressed-caching=false", "--use-new-run=true"]';
const serviceAccount = ['--kubernetes_namespace=builds', '--service_account_name=kaniko-builder'] as const;
const dockerConfiguration = [
  '--volume_mounts=[{"name": "docker-config", "mountPath": "/kaniko/.docker/"}]',
  '--volumes=[{"name": "docker-config", "configMap": {"name": "docker-config"}}]',
] as const;
const register = (name: string, ...attributes: readonly string[]) =>
  ['image-builder', 'register', name, '--flavor=kaniko', '--kubernetes_context=dev', ...attributes] as const;

// What ZenML's page about Kaniko has people write, each line with what it must have set afterwards.
const lines: readonly [args: readonly string[], configuration?: Record<string, unknown>][] = [
  [['integration', 'install', 'kaniko']],
  [['integration', 'install', 'kaniko', '-y']],
  [register('plain', '--pod_running_timeout=600'), { kubernetes_context: 'dev', pod_running_timeout: 600 }],
  [['stack', 'register', 'cloud', '-i', 'plain', '-c', 'reg', '--set']],
  [register('ecr', awsEnvironment)],
  [['image-builder', 'update', 'plain', awsEnvironment]],
  [register('gcr', ...serviceAccount)],
  [['image-builder', 'update', 'plain', ...serviceAccount]],
  [register('gar', ...serviceAccount, executorArguments)],
  [['image-builder', 'update', 'plain', ...serviceAccount, executorArguments]],
  [register('acr', ...dockerConfiguration)],
  [['image-builder', 'update', 'plain', ...dockerConfiguration]],
  [register('labelled', '--executor_args=["--label", "key=value"]'), { executor_args: ['--label', 'key=value'] }],
  [register('stored', '--store_context_in_artifact_store=True'), { store_context_in_artifact_store: true }],
  [['stack', 'update', '-i', 'labelled']],
];

describe("The command lines of ZenML's Kaniko page, with slipway in place of zenml", () => {
  let workspace: Workspace;
  const configurationOf = async (name: string) => {
    const { stdout } = await workspace.slipway('image-builder', 'describe', name, '-o', 'json');
    return (JSON.parse(stdout) as { configuration: Record<string, unknown> }).configuration;
  };

  before(async () => {
    workspace = await Workspace.create();
    await workspace.setUp(['container-registry', 'register', 'reg', '--flavor=default', '--uri=ghcr.io/acme']);
  });
  after(() => workspace.remove());

  for (const [args, configuration] of lines) {
    it(`slipway ${args.join(' ')}`, async () => {
      const { stdout, stderr, exitCode } = await workspace.slipway(...args);
      expect(stderr).not.to.match(/Error|Warning/);
      expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: 0 });
      if (configuration !== undefined) expect(await configurationOf(args[2] ?? '')).to.deep.include(configuration);
    });
  }

  it('left everything set that they set', async () => {
    expect(await configurationOf('plain')).to.deep.equal({
      kubernetes_context: 'dev',
      pod_running_timeout: 600,
      env: [
        { name: 'AWS_SDK_LOAD_CONFIG', value: 'true' },
        { name: 'AWS_EC2_METADATA_DISABLED', value: 'true' },
      ],
      kubernetes_namespace: 'builds',
      service_account_name: 'kaniko-builder',
      executor_args: ['--compressed-caching=false', '--use-new-run=true'],
      volume_mounts: [{ name: 'docker-config', mountPath: '/kaniko/.docker/' }],
      volumes: [{ name: 'docker-config', configMap: { name: 'docker-config' } }],
    });
    const stack = JSON.parse((await workspace.slipway('stack', 'describe', '-o', 'json')).stdout) as unknown;
    expect(stack).to.deep.include({
      name: 'cloud',
      components: {
        image_builder: { name: 'labelled', flavor: 'kaniko' },
        container_registry: { name: 'reg', flavor: 'default' },
      },
    });
  });

  it('install says that nothing is to be installed', async () => {
    expect((await workspace.slipway('integration', 'install', 'kaniko')).stderr).to.equal(
      'kaniko comes with Slipway; nothing is to be installed.\n',
    );
  });
});

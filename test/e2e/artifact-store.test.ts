import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createSlipway } from '@slipway/core';
import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { GoogleStorageBucket } from '../support/google-storage.js';
import { RegistryReader } from '../support/registry-reader.js';

describeEndToEnd('a context in the artifact store', ['googleStorage'], (world) => {
  let bucket: GoogleStorageBucket;
  let kubeconfig: string | undefined;

  before(async () => {
    bucket = await GoogleStorageBucket.create(endToEndEnvironment.googleStorage);
    // Of a builder in this process, the environment is that of this process.
    kubeconfig = process.env['KUBECONFIG'];
    process.env['KUBECONFIG'] = world.run.cluster.kubeconfig;
  });

  after(async () => {
    if (kubeconfig === undefined) delete process.env['KUBECONFIG'];
    else process.env['KUBECONFIG'] = kubeconfig;
    await bucket?.remove();
  });

  it('is fetched from there by the executor, and removed afterwards', async () => {
    const { run } = world;
    const { registry, executorImage } = endToEndEnvironment;
    const stored: string[] = [];
    const kaniko = { packageName: '@slipway/plugin-kaniko', from: fileURLToPath(import.meta.url) };
    const slipway = await createSlipway({
      configDirectory: run.newConfiguration(),
      plugins: [kaniko, bucket.plugin((key) => stored.push(key))],
    });
    expect(slipway.pluginProblems).to.deep.equal([]);
    await slipway.components.register({
      type: 'container_registry',
      flavor: 'default',
      name: 'reg',
      configuration: {
        uri: run.uriIn(registry),
        insecure: registry.insecure,
        username: registry.username,
        password: registry.password,
        ca_bundle: registry.authorities === undefined ? undefined : await readFile(registry.authorities, 'utf8'),
      },
    });
    await slipway.components.register({
      type: 'artifact_store',
      flavor: 'gcs-test',
      name: 'bucket',
      configuration: {},
    });
    await slipway.components.register({
      type: 'image_builder',
      flavor: 'kaniko',
      name: run.name,
      configuration: {
        kubernetes_context: run.cluster.context,
        store_context_in_artifact_store: true,
        env: [{ name: 'STORAGE_EMULATOR_HOST', value: bucket.host }],
        ...(executorImage === undefined ? {} : { executor_image: executorImage }),
      },
    });
    const components = { image_builder: run.name, container_registry: 'reg', artifact_store: 'bucket' };
    await slipway.stacks.register('stored', components, { activate: true });

    const contextDirectory = await run.context({
      Dockerfile: 'FROM scratch\nCOPY a.txt /\n',
      'a.txt': 'from the bucket\n',
    });
    const { images } = await slipway.build({ contextDirectory, tags: ['stored/image:1'] });

    const reference = images[0]?.reference ?? '';
    expect(await new RegistryReader(registry).file(reference, 'a.txt')).to.equal('from the bucket\n');
    expect(stored).to.have.length(1);
    expect(await bucket.objects()).to.deep.equal([]);
  });
});

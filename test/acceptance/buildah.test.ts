import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RegistryClient } from '@slipway/oci';
import { MemoryRegistry } from '@slipway/testing';
import { expect } from 'chai';
import { Buildah, hasBuildah } from '../support/buildah.js';
import { pushBaseImages } from '../support/equivalence/base-images.js';
import { equivalenceCases } from '../support/equivalence/cases.js';
import { differencesOf, knownDifferences } from '../support/equivalence/compare-facts.js';
import { imageFacts } from '../support/equivalence/image-facts.js';
import { writeContext } from '../support/equivalence/write-context.js';
import { Workspace } from '../support/workspace.js';

const isRequired = process.env['SLIPWAY_BUILDAH_REQUIRED'] === 'true';

(hasBuildah() || isRequired ? describe : describe.skip)('The direct builder makes what buildah makes:', () => {
  let workspace: Workspace;
  let registry: MemoryRegistry;
  let client: RegistryClient;
  let buildah: Buildah;
  let images: Record<string, string>;

  before(async () => {
    workspace = await Workspace.create();
    registry = await MemoryRegistry.start();
    const { host } = registry;
    client = new RegistryClient({ host, transport: { insecure: true, skipTlsVerify: false } });
    buildah = new Buildah(join(workspace.directory, 'buildah'));
    images = await pushBaseImages(host, client.repository('images'));
    await workspace.setUp(
      ['container-registry', 'register', 'reg', '--flavor=default', `--uri=${host}`, '--insecure=true'],
      ['image-builder', 'register', 'files', '--flavor=direct'],
      ['stack', 'register', 'direct', '-i', 'files', '-c', 'reg', '--set'],
    );
  });
  after(async () => {
    client.close();
    await registry.stop();
    await workspace.remove();
  });

  for (const [index, one] of equivalenceCases.entries()) {
    const reason = one.unsupported?.buildah;
    (reason === undefined ? it : it.skip)(one.name, async () => {
      const context = join(workspace.directory, `context-${index}`);
      await mkdir(context);
      await writeContext(context, one, images);
      const values = Object.entries(one.buildArgs ?? {}).flatMap(([name, value]) => [
        '--build-arg',
        `${name}=${value}`,
      ]);
      const target = one.target === undefined ? [] : ['--target', one.target];
      const build = ['build', context, '-t', `ours:${index}`, '--platform=linux/amd64', ...values, ...target];
      await workspace.setUp(build);
      await buildah.build(context, `${registry.host}/theirs:${index}`, one);
      const [ours, theirs] = await Promise.all([
        imageFacts(client.repository('ours'), String(index)),
        imageFacts(client.repository('theirs'), String(index)),
      ]);
      expect(differencesOf(ours, theirs)).to.deep.equal(knownDifferences(one, 'buildah'));
    });
  }
});

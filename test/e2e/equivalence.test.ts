import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { RegistryClient } from '@slipway/oci';
import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { pushBaseImages } from '../support/equivalence/base-images.js';
import { equivalenceCases } from '../support/equivalence/cases.js';
import { differencesOf, knownDifferences } from '../support/equivalence/compare-facts.js';
import type { EquivalenceCase } from '../support/equivalence/equivalence-case.js';
import { imageFacts } from '../support/equivalence/image-facts.js';
import { writeContext } from '../support/equivalence/write-context.js';

describeEndToEnd('the direct builder makes what Kaniko makes', ['kaniko'], (world) => {
  let client: RegistryClient;
  let repository: string;
  let images: Record<string, string>;
  let configurations: Record<'direct' | 'kaniko', string>;

  before(async () => {
    const { run } = world;
    const { registry } = endToEndEnvironment;
    const [host = '', ...path] = run.uriIn(registry).split('/');
    const { username, password } = registry;
    client = new RegistryClient({
      host,
      transport: { insecure: registry.insecure, skipTlsVerify: false },
      credentials: username === undefined || password === undefined ? undefined : { username, password },
    });
    repository = path.join('/');
    images = await pushBaseImages(host, client.repository(`${repository}/images`));
    configurations = { direct: run.newConfiguration(), kaniko: run.newConfiguration() };
    const flags = { direct: [], kaniko: run.builderFlags() };
    for (const flavor of ['direct', 'kaniko'] as const) {
      const slipway = (...args: readonly string[]) => run.start(configurations[flavor], ...args).succeeds();
      await slipway('container-registry', 'register', 'reg', '--flavor=default', ...run.registryFlags(registry));
      await slipway('image-builder', 'register', run.name, `--flavor=${flavor}`, ...flags[flavor]);
      await slipway('stack', 'register', 'prod', '-i', run.name, '-c', 'reg', '--set');
    }
  });
  after(() => client.close());

  async function build(flavor: 'direct' | 'kaniko', context: string, one: EquivalenceCase, tag: string): Promise<void> {
    const values = Object.entries(one.buildArgs ?? {}).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    const target = one.target === undefined ? [] : ['--target', one.target];
    const args = ['build', context, '-t', `${flavor}:${tag}`, '--platform=linux/amd64', ...values, ...target];
    await world.run.start(configurations[flavor], ...args).succeeds();
  }

  for (const [index, one] of equivalenceCases.entries()) {
    const reason = one.unsupported?.kaniko;
    (reason === undefined ? it : it.skip)(one.name, async () => {
      const context = await mkdtemp(join(world.run.directory, 'context-'));
      await writeContext(context, one, images);
      const tag = String(index);
      await Promise.all([build('direct', context, one, tag), build('kaniko', context, one, tag)]);
      const [ours, theirs] = await Promise.all([
        imageFacts(client.repository(`${repository}/direct`), tag),
        imageFacts(client.repository(`${repository}/kaniko`), tag),
      ]);
      expect(differencesOf(ours, theirs)).to.deep.equal(knownDifferences(one, 'kaniko'));
    });
  }
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { diagnose, type DoctorCheck } from '@slipway/core';
import { checkRegistry } from '@slipway/oci';
import { expect } from 'chai';
import { type Bench, useBench } from '../support/bench.js';

describe('The direct flavor', () => {
  const used = useBench();

  describe('as doctor sees it', () => {
    async function checks(bench: Bench): Promise<DoctorCheck[]> {
      const stack = await bench.slipway.assemble();
      const found: DoctorCheck[] = [];
      const looks = { container_registry: checkRegistry };
      for await (const check of diagnose(stack, { types: ['image_builder'], looks })) found.push(check);
      return found;
    }

    it('is well where its folders can be made, and makes none', async () => {
      const { bench } = used;
      await bench.configure();
      const before = await readdir(join(bench.folder, 'slipway'));
      expect((await checks(bench)).map(({ id, outcome }) => [id, outcome])).to.deep.equal([
        ['layout', 'ok'],
        ['cache', 'ok'],
      ]);
      expect(await readdir(join(bench.folder, 'slipway'))).to.deep.equal(before);
    });

    it('lacks what is no folder, or no layout', async () => {
      const { bench } = used;
      await bench.files({ 'a-file': '', 'layout/index.json': 'broken', 'layout/oci-layout': '{}' });
      const context = join(bench.folder, 'context');
      await bench.configure(undefined, { layout: join(context, 'layout'), cache_directory: join(context, 'a-file/x') });
      const [layout, cache] = await checks(bench);
      expect(layout).to.include({ id: 'layout', outcome: 'failure', code: 'LAYOUT_INVALID' });
      expect(cache).to.include({ id: 'cache', outcome: 'failure' });
      expect(cache?.message).to.contain('cannot be written');
    });

    it('looks at the registry of its stack', async () => {
      const { bench } = used;
      const registry = await bench.registry();
      registry.login = 'someone:secret';
      await bench.configure(registry);
      const outcomes = async () => (await checks(bench)).map(({ id, outcome, code }) => [id, outcome, code]);
      expect(await outcomes()).to.deep.equal([
        ['cache', 'ok', undefined],
        ['container-registry', 'ok', undefined],
        ['container-registry-push', 'ok', undefined],
      ]);
      registry.login = 'someone:else';
      expect((await outcomes())[1]).to.deep.equal(['container-registry', 'failure', 'REGISTRY_UNAUTHORIZED']);
    });
  });

  it('annotates the manifest, in whatever order annotations are given', async () => {
    const { bench } = used;
    await bench.dockerfile('FROM scratch');
    const first = await bench.build({ annotations: { b: '2', a: '1' } });
    expect((await bench.image()).manifest.annotations).to.deep.equal({ a: '1', b: '2' });
    expect((await bench.build({ annotations: { a: '1', b: '2' } })).digest).to.equal(first.digest);
    expect((await bench.build()).digest).not.to.equal(first.digest);
  });

  it('says in a dry run what may be copied', async () => {
    const { bench } = used;
    await bench.configure();
    await bench.files({ 'a.txt': 'four', 'b.log': 'log', '.dockerignore': '*.log\nDockerfile\n' });
    await bench.dockerfile('FROM scratch');
    expect((await bench.plan()).contextFiles).to.deep.equal([
      { path: '.dockerignore', size: 17 },
      { path: 'a.txt', size: 4 },
    ]);
  });

  it('copies neither a Dockerfile nor an ignore file that is ignored', async () => {
    const { bench } = used;
    await bench.files({ 'a.txt': 'a', '.dockerignore': 'Dockerfile\n.dockerignore\n' });
    await bench.dockerfile('FROM scratch', 'COPY . /');
    expect((await bench.built()).layers).to.deep.equal([['0644 0:0 /a.txt = a']]);
    await bench.files({ '.dockerignore': '' });
    expect((await bench.built()).layers[0]).to.have.length(3);
  });

  it('keeps no cache where none is wanted, and makes the same image', async () => {
    const { bench } = used;
    const cache = join(bench.folder, 'cache');
    await bench.configure(undefined, { cache_directory: cache });
    await bench.files({ 'a.txt': 'a' });
    await bench.dockerfile('FROM scratch', 'COPY a.txt /');
    const { digest } = await bench.build({ cache: false });
    expect(await readdir(cache).catch(() => 'nothing')).to.equal('nothing');
    expect((await bench.build()).digest).to.equal(digest);
  });

  it('says that it has no use for secrets', async () => {
    const { bench } = used;
    await bench.dockerfile('FROM scratch');
    await bench.build({ secrets: [{ id: 'token', value: Buffer.from('hidden') }] });
    expect(bench.warnings).to.deep.equal(['The secrets of the build are not used.']);
  });
});

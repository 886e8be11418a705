import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

describe('An image built without a registry in the stack', () => {
  const used = useBench();

  it('lies in an OCI layout of the configuration folder, under its whole name', async () => {
    const { bench } = used;
    await bench.files({ 'hello.txt': 'hello' });
    await bench.dockerfile('FROM scratch', 'COPY hello.txt /');
    const result = await bench.build({ tags: ['demo/hello:1', 'demo/hello'] });
    expect(result.images.map(({ tag }) => tag)).to.deep.equal(['demo/hello:1', 'demo/hello:latest']);
    expect(result.images[0]?.reference).to.equal(`oci:${bench.layoutFolder}:demo/hello:1@${result.digest}`);
    expect((await bench.image('demo/hello:latest')).layers).to.deep.equal([['0644 0:0 /hello.txt = hello']]);
  });

  it('lies in the folder that the builder is configured with', async () => {
    const { bench } = used;
    await bench.dockerfile('FROM scratch');
    const layout = join(bench.folder, 'elsewhere');
    await bench.configure(undefined, { layout });
    const { digest, images } = await bench.build();
    expect(images[0]?.reference).to.equal(`oci:${layout}:demo/hello:1@${digest}`);
    expect(existsSync(join(layout, 'oci-layout'))).to.equal(true);
  });

  it('needs a name', async () => {
    await used.bench.dockerfile('FROM scratch');
    const { fix } = await used.bench.failure('MISSING_TAG', { tags: [] });
    expect(fix).to.contain('-t NAME:TAG');
  });

  it('cannot be named by a digest', async () => {
    await used.bench.dockerfile('FROM scratch');
    await used.bench.failure('INVALID_REFERENCE', { tags: [`demo/hello@sha256:${'0'.repeat(64)}`] });
  });
});

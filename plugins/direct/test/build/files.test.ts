import { utimes, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

describe('The files of an image', () => {
  const used = useBench();

  it('are those that COPY and ADD name, root their owner, with the permissions of the context', async () => {
    const { bench } = used;
    await bench.files({ 'app/run.sh': '#!/bin/sh', 'app/data/a.txt': 'a', 'other.txt': 'other' });
    await bench.dockerfile(
      'FROM scratch',
      'WORKDIR /srv',
      'COPY app ./app/',
      'ADD --chown=7:8 --chmod=0600 other.txt /o',
    );
    const { layers } = await bench.built();
    expect(layers).to.deep.equal([
      ['0755 0:0 /srv/'],
      [
        '0755 0:0 /srv/app/',
        '0755 0:0 /srv/app/data/',
        '0644 0:0 /srv/app/data/a.txt = a',
        '0755 0:0 /srv/app/run.sh = #!/bin/sh',
      ],
      ['0600 7:8 /o = other'],
    ]);
  });

  it('may come from an earlier stage, whose own layers stay behind', async () => {
    const { bench } = used;
    await bench.files({ 'a.txt': 'a', 'b.txt': 'b' });
    await bench.dockerfile(
      'FROM scratch AS files',
      'COPY a.txt b.txt /from/',
      'FROM scratch',
      'COPY --from=files /from/b.txt /',
    );
    expect((await bench.built()).layers).to.deep.equal([['0644 0:0 /b.txt = b']]);
  });

  it('of a stage based on another one are those of both', async () => {
    const { bench } = used;
    await bench.files({ 'a.txt': 'a', 'b.txt': 'b' });
    await bench.dockerfile('FROM scratch AS first', 'ENV A=1', 'COPY a.txt /', 'FROM first', 'COPY b.txt /');
    const { layers, config } = await bench.built();
    expect(layers).to.deep.equal([['0644 0:0 /a.txt = a'], ['0644 0:0 /b.txt = b']]);
    expect(config.config?.Env).to.include('A=1');
  });

  it('end with the target', async () => {
    const { bench } = used;
    await bench.files({ 'a.txt': 'a' });
    await bench.dockerfile('FROM scratch AS first', 'COPY a.txt /', 'FROM scratch AS second', 'RUN make');
    expect((await bench.built({ target: 'first' })).layers).to.have.length(1);
  });

  it('make the same digest whatever their times and their order on disk', async () => {
    const { bench } = used;
    await bench.files({ 'app/a.txt': 'a', 'app/b.txt': 'b' });
    await bench.dockerfile('FROM scratch', 'COPY app /app', 'CMD ["/app/a.txt"]');
    const first = await bench.build();
    const app = join(bench.folder, 'context', 'app');
    await rename(app, `${app}-before`);
    await bench.files({ 'app/b.txt': 'b', 'app/a.txt': 'a', '.dockerignore': 'app-before' });
    await utimes(join(app, 'a.txt'), 1, 1);
    const second = await bench.build({ tags: ['demo/hello:2'] });
    expect(second.digest).to.equal(first.digest);
  });

  it('cannot be made by a RUN, which is refused before anything is written', async () => {
    const { bench } = used;
    await bench.dockerfile('FROM scratch', 'RUN make all');
    const { message, exitCode } = await bench.failure('RUN_NOT_SUPPORTED');
    expect(message).to.contain('line 2: RUN make all');
    expect(exitCode).to.equal(2);
  });

  it('names three RUNs and counts the rest, and says which builder can', async () => {
    const { bench } = used;
    await bench.dockerfile('FROM scratch', 'RUN one \\', '  two', 'RUN ["b"]', 'RUN c', 'RUN d', 'RUN e');
    const { message, fix } = await bench.failure('RUN_NOT_SUPPORTED');
    expect(message).to.include('line 2: RUN one two; line 4: RUN ["b"]; line 5: RUN c, and 2 more');
    expect(fix).to.include('slipway image-builder register NAME --flavor=kaniko');
  });

  it('may be in a stage with a RUN, if that stage is not needed', async () => {
    const { bench } = used;
    await bench.files({ 'a.txt': 'a' });
    await bench.dockerfile('FROM scratch AS test', 'RUN test', 'FROM scratch', 'COPY a.txt /');
    expect((await bench.built()).layers).to.deep.equal([['0644 0:0 /a.txt = a']]);
  });
});

import { expect } from 'chai';
import { useBench } from '../support/bench.js';

const password = 'open-sesame-4711';
const auth = Buffer.from(`me:${password}`).toString('base64');

describe('The password of the registry', () => {
  const used = useBench();

  /** Whether the text has the password, plainly or as it stands in a Docker configuration or a Secret. */
  const tells = (value: unknown): boolean => {
    const text = JSON.stringify(value) ?? '';
    // In a Secret the text is base64 once more, of which only a part is the same wherever it begins.
    const inSecret = [0, 1, 2].map((shift) =>
      Buffer.from(`${' '.repeat(shift)}${auth}`)
        .toString('base64')
        .slice(4, -4),
    );
    return [password, auth, ...inSecret].some((form) => text.includes(form));
  };

  it('goes to the cluster in the Secret of the build and nowhere else, and the Secret belongs to the Job', async () => {
    const { bench } = used;
    await bench.configure({}, { username: 'me', password });
    const result = await bench.build();
    const carrying = bench.api.requests.filter(tells);
    expect(carrying.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      'POST /api/v1/namespaces/builds/secrets',
    ]);
    const secret = carrying[0]?.body as { metadata: { ownerReferences: object[] }; data: Record<string, string> };
    expect(secret.metadata.ownerReferences[0]).to.include({ kind: 'Job', name: `slipway-build-${result.buildId}` });
    expect(JSON.parse(Buffer.from(secret.data['config.json'] ?? '', 'base64').toString())).to.deep.equal({
      auths: { [bench.registry.host]: { auth } },
    });
    expect(tells(bench.events)).to.be.false;
    expect(tells(result)).to.be.false;
  });

  it('is not in the plan', async () => {
    const { bench } = used;
    await bench.configure({}, { username: 'me', password });
    expect(tells(await bench.plan())).to.be.false;
  });

  it('is in no error', async () => {
    const { bench } = used;
    await bench.configure({}, { username: 'me', password });
    bench.api.faults.answer({ method: 'POST', path: /\/secrets$/, code: 422, message: 'Secret "x" is invalid' });
    const error = await bench.failure('MANIFEST_INVALID');
    expect(tells([error, error.cause, error.stack])).to.be.false;
    expect(tells(bench.events)).to.be.false;
  });
});

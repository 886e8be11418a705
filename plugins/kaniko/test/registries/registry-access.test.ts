import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { SlipwayError } from '@slipway/core';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';
import { makeCertificate } from '../support/certificate.js';

const secret = 'open-sesame-4711';
const entry = (name: string): { auth: string } => ({ auth: Buffer.from(`${name}:${secret}`).toString('base64') });

describe('The logins that go along with a build', () => {
  const used = useBench();
  const { change } = used;

  /** What Docker's configuration of this machine says. */
  async function docker(config: object): Promise<void> {
    const folder = join(used.bench.folder, 'docker');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    change('DOCKER_CONFIG', folder);
  }

  /** A credential helper on the PATH. */
  async function helper(name: string, script: string): Promise<void> {
    const folder = join(used.bench.folder, 'bin');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `docker-credential-${name}`);
    await writeFile(path, `#!/bin/sh\ncat > /dev/null\n${script}\n`);
    await chmod(path, 0o700);
    change('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
  }

  /** What the Secrets that were created hold, by key. */
  const sent = (): Readonly<Record<string, string>> => {
    const posts = used.bench.api.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/secrets'));
    const data = (posts[0]?.body as { data?: Record<string, string> } | undefined)?.data ?? {};
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    );
  };
  const logins = (): unknown => (JSON.parse(sent()['config.json'] ?? '{}') as { auths?: unknown }).auths;

  /** Fails where the secret is in anything but the creation of the Secret. */
  function expectSecrecy(...told: readonly unknown[]): void {
    const others = used.bench.api.requests.filter(({ path }) => !path.endsWith('/secrets'));
    const text = JSON.stringify([others, used.bench.events, ...told]);
    for (const form of [secret, ...['me', 'base'].map((name) => entry(name).auth)]) expect(text).to.not.include(form);
  }

  it('are those of the stack, of each image that the Dockerfile names, of mirrors and of the cache', async () => {
    const { bench } = used;
    await bench.configure({ registry_mirrors: ['mirror.example.com/hub'], cache_repo: 'cache.example.com/kept' });
    const names = ['one', 'two', 'three', 'four', 'mirror', 'cache', 'unused'].map((name) => `${name}.example.com`);
    await docker({
      auths: Object.fromEntries(
        [bench.registry.host, 'https://index.docker.io/v1/', ...names].map((host) => [host, entry('me')]),
      ),
    });
    await bench.file(
      'Dockerfile',
      `ARG REGISTRY=nobody.example.com
FROM one.example.com/base AS first
FROM \${REGISTRY}/base:1 AS second
COPY --from=three.example.com/tools:2 /x /x
COPY --from=first /x /x
RUN --mount=type=bind,from=four.example.com/data,target=/d true
FROM busybox
COPY --from=second /x /x
`,
    );
    const request = { buildArgs: { REGISTRY: 'two.example.com' } };
    const plan = await bench.plan(request);
    await bench.build(request);
    const expected = [bench.registry.host, 'https://index.docker.io/v1/', ...names.slice(0, -1)];
    expect(logins()).to.have.all.keys(expected);
    expectSecrecy(plan);
    expect(bench.warnings).to.deep.equal([]);
  });

  it('are the component’s own before those of Docker', async () => {
    const { bench } = used;
    await bench.configure({}, { username: 'own', password: secret });
    await docker({ auths: { [bench.registry.host]: entry('me') } });
    await bench.build();
    expect(logins()).to.deep.equal({ [bench.registry.host]: entry('own') });
  });

  it('also look at the registry for the result', async () => {
    const { bench } = used;
    await bench.configure();
    await docker({ auths: { [bench.registry.host]: entry('me') } });
    await bench.build();
    expect(bench.warnings).to.deep.equal([]);
  });

  it('may be tokens, which the executor knows how to use', async () => {
    const { bench } = used;
    await bench.configure();
    await docker({ auths: { 'base.example.com': { identitytoken: secret } } });
    await bench.file('Dockerfile', 'FROM base.example.com/x\n');
    await bench.build();
    expect(logins()).to.deep.equal({ 'base.example.com': { identitytoken: secret } });
    expectSecrecy();
  });

  it('come from helpers', async () => {
    const { bench } = used;
    await bench.configure();
    await helper('own', `echo '{"Username": "me", "Secret": "${secret}"}'`);
    await docker({ credHelpers: { [bench.registry.host]: 'own' } });
    await bench.build();
    expect(logins()).to.deep.equal({ [bench.registry.host]: entry('me') });
    expectSecrecy();
  });

  it('are done without where a base image’s helper fails, which is warned of', async () => {
    const { bench } = used;
    await bench.configure({}, { username: 'me', password: secret });
    await helper('broken', `echo ${secret}; exit 1`);
    await docker({ credHelpers: { 'base.example.com': 'broken', 'other.example.com': 'gone' } });
    await bench.file('Dockerfile', 'FROM base.example.com/x\nCOPY --from=other.example.com/y /y /y\n');
    await bench.build();
    expect(logins()).to.deep.equal({ [bench.registry.host]: entry('me') });
    expect(bench.warnings).to.have.members([
      'The executor gets no credentials for base.example.com.',
      'The executor gets no credentials for other.example.com.',
    ]);
    expectSecrecy();
  });

  it('end the build before it begins where those of the stack’s registry cannot be had', async () => {
    const { bench } = used;
    await bench.configure();
    await helper('broken', `echo ${secret}; exit 1`);
    await docker({ credHelpers: { [bench.registry.host]: 'broken' } });
    const error: SlipwayError = await bench.failure('CREDENTIAL_HELPER_FAILED');
    expectSecrecy(error, error.stack);
    const made = bench.api.requests.filter(({ method, path }) => method === 'POST' && /\/(jobs|secrets)\b/.test(path));
    expect(made).to.deep.equal([]);
  });

  it('stay here where that was said, whatever a helper does', async () => {
    const { bench } = used;
    await bench.configure({ registry_credentials: 'none' }, { username: 'me', password: secret });
    await helper('broken', 'exit 1');
    await docker({ credsStore: 'broken' });
    await bench.file('Dockerfile', 'FROM base.example.com/x\n');
    await bench.build();
    expect(sent()).to.deep.equal({});
    expect(bench.warnings).to.deep.equal([]);
  });

  it('have the authorities beside them that this machine trusts for those registries', async () => {
    const { bench } = used;
    await bench.configure();
    const configuration = join(bench.folder, 'configuration');
    const certificates = ['docker', 'containers'].map((tool) => ({ tool, pem: makeCertificate().cert.trim() }));
    for (const { tool, pem } of certificates) {
      const folder = join(configuration, tool, 'certs.d', 'base.example.com:5000');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'ca.crt'), `of ours\n${pem}\n`);
      await writeFile(join(folder, 'client.key'), 'not for others');
    }
    change('XDG_CONFIG_HOME', configuration);
    await bench.file('Dockerfile', 'FROM base.example.com:5000/x\n');
    await bench.build();
    expect(Object.keys(sent())).to.deep.equal(['ca.crt']);
    for (const { pem } of certificates) expect(sent()['ca.crt']).to.include(pem);
    expect(sent()['ca.crt']).to.not.include('not for others');
  });

  it('do not depend on whether we can read the Dockerfile: that is the executor’s to say', async () => {
    const { bench } = used;
    await bench.configure({}, { username: 'me', password: secret });
    await bench.file('Dockerfile', 'FROM a b c d\nNONSENSE\n');
    await bench.build();
    expect(logins()).to.have.all.keys(bench.registry.host);
  });

  it('are not asked for where the target is misspelt', async () => {
    const { bench } = used;
    await bench.file('Dockerfile', 'FROM scratch AS release\n');
    const error = await bench.failure('UNKNOWN_TARGET', { target: 'relaese' });
    expect(error.fix).to.include("'release'");
  });
});

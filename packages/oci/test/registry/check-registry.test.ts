import type { ContainerRegistry, DoctorCheck } from '@slipway/core';
import { MemoryRegistry, type ScriptedServer } from '@slipway/testing';
import { checkRegistry } from '@slipway/oci';
import { expect } from 'chai';

import { RegistryUnderTest } from '../support/registry-under-test.js';

const basic = `Basic ${Buffer.from('builder:secret').toString('base64')}`;

describe('checkRegistry', () => {
  const underTest = new RegistryUnderTest();
  let server: ScriptedServer;
  let memory: MemoryRegistry;

  beforeEach(async () => {
    server = await underTest.server();
    memory = new MemoryRegistry(server);
  });
  afterEach(() => underTest.close());

  async function check(overrides: Partial<ContainerRegistry> = {}): Promise<DoctorCheck[]> {
    const registry: ContainerRegistry = {
      info: { type: 'container_registry', flavor: 'default', name: 'reg' },
      uri: overrides.uri ?? `${server.host}/acme`,
      isLocal: true,
      transport: { insecure: true, skipTlsVerify: false },
      credentials: () => Promise.resolve({ username: 'builder', password: 'secret' }),
      ...overrides,
    };
    const checks: DoctorCheck[] = [];
    for await (const found of checkRegistry(registry)) checks.push(found);
    return checks;
  }

  it('finds that a registry answers and can be pushed to, and leaves nothing there', async () => {
    expect(await check({ defaultRepository: 'demo/app' })).to.deep.equal([
      { id: 'container-registry', outcome: 'ok', message: `The registry ${server.host} answers.` },
      {
        id: 'container-registry-push',
        outcome: 'ok',
        message: `${server.host}/acme/demo/app can be pushed to as builder.`,
      },
    ]);
    expect(server.asked.slice(0, 2)).to.deep.equal(['GET /v2/', 'POST /v2/acme/demo/app/blobs/uploads/']);
    expect(memory.uploads.size).to.equal(0);
  });

  it('finds that credentials are wrong before anything is pushed', async () => {
    memory.fault = ({ headers }) =>
      headers.authorization === basic ? undefined : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
    const credentials = (password: string) => () => Promise.resolve({ username: 'builder', password });
    const [wrong, ...rest] = await check({ credentials: credentials('other') });
    expect(wrong).to.include({ id: 'container-registry', outcome: 'failure', code: 'REGISTRY_UNAUTHORIZED' });
    expect(JSON.stringify(wrong)).not.to.contain('other');
    expect(rest).to.deep.equal([]);
    expect((await check({ credentials: credentials('secret') })).map(({ outcome }) => outcome)).to.deep.equal([
      'ok',
      'ok',
    ]);
  });

  it('finds that one may read and not push', async () => {
    memory.fault = ({ method }) => (method === 'POST' ? { status: 403 } : undefined);
    const [, push] = await check();
    expect(push).to.include({ id: 'container-registry-push', outcome: 'failure', code: 'REGISTRY_DENIED' });
    expect(push?.message).to.contain(`${server.host}/acme/slipway-doctor`);
  });

  it('warns of a registry that wants repositories to be created first', async () => {
    memory.fault = ({ method }) => (method === 'POST' ? { status: 404 } : undefined);
    const [, push] = await check();
    expect(push).to.include({ id: 'container-registry-push', outcome: 'warning' });
  });

  it('finds that nothing answers', async () => {
    const { host } = server;
    await underTest.close();
    const [found] = await check({ uri: host });
    expect(found).to.include({ id: 'container-registry', outcome: 'failure', code: 'REGISTRY_UNREACHABLE' });
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryRegistry } from '@slipway/testing';
import { imageBuilderChecks } from '@slipway/testing/conformance';
import plugin from '../src/index.js';

describe('The direct builder, as any other,', () => {
  const registry = { uri: '', insecure: true, username: 'builder', password: 's3cret-password' };
  const request = { contextDirectory: '', tags: ['demo/hello:1', 'demo/hello:latest'] };
  let folder: string;
  let server: MemoryRegistry;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-direct-'));
    request.contextDirectory = join(folder, 'context');
    await mkdir(request.contextDirectory);
    await writeFile(join(request.contextDirectory, 'Dockerfile'), 'FROM scratch\nCOPY hello.txt /\n');
    await writeFile(join(request.contextDirectory, 'Dockerfile.run'), 'FROM scratch\nRUN make\n');
    await writeFile(join(request.contextDirectory, 'hello.txt'), 'hello\n');
    server = await MemoryRegistry.start();
    server.login = `${registry.username}:${registry.password}`;
    registry.uri = server.host;
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const checks = imageBuilderChecks({
    plugin,
    flavor: 'direct',
    configuration: {},
    stack: { container_registry: { flavor: 'default', configuration: registry } },
    request,
    failing: () => ({ ...request, dockerfile: 'Dockerfile.run' }),
    leftovers: () => Promise.resolve([]),
    secrets: [registry.password],
  });
  for (const { name, run } of checks) it(name, run);
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { artifactStoreChecks, containerRegistryChecks } from '../../src/conformance/index.js';

describe('The default container registry, as any other,', () => {
  const configuration = { uri: 'ghcr.io/acme', username: 'me', password: 's3cret-password' };
  for (const { name, run } of containerRegistryChecks({ flavor: 'default', configuration })) it(name, run);
});

describe('The local artifact store, as any other,', () => {
  const configuration: Record<string, unknown> = {};
  const folder = (): string => String(configuration['path']);

  before(async () => {
    configuration['path'] = await mkdtemp(join(tmpdir(), 'slipway-artifacts-'));
  });
  after(() => rm(folder(), { recursive: true }));

  const checks = artifactStoreChecks({
    flavor: 'local',
    configuration,
    read: (address) => readFile(fileURLToPath(address)).catch(() => undefined),
    list: () => readdir(folder(), { recursive: true }).then((names) => names.filter((name) => name !== 'conformance')),
  });
  for (const { name, run } of checks) it(name, run);
});

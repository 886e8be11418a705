import type { ContainerRegistry } from '@slipway/core';
import { expect } from 'chai';
import { kanikoConfiguration } from '../../src/configuration/kaniko-configuration.js';
import { labelValue } from '../../src/manifest/build-labels.js';
import { buildId } from '../../src/manifest/build-names.js';
import { registryFiles } from '../../src/manifest/registry-secret.js';

describe('labelValue', () => {
  for (const [text, value] of [
    ['kb', 'kb'],
    ['Jane Doe', 'Jane_Doe'],
    ['DOMAIN\\jane', 'DOMAIN_jane'],
    ['jané', 'jan'],
    ['_root_', 'root'],
    ['-.-', ''],
    ['x'.repeat(80), 'x'.repeat(63)],
    [`${'x'.repeat(62)}.y`, 'x'.repeat(62)],
    ['', ''],
  ] as const) {
    it(`makes '${value}' of '${text}'`, () => {
      expect(labelValue(text)).to.equal(value);
    });
  }
});

describe('buildId', () => {
  it('is random, and fits into names, unless given', () => {
    const ids = new Set(Array.from({ length: 100 }, () => buildId(undefined)));
    expect(ids.size).to.equal(100);
    for (const id of ids) expect(buildId(id)).to.equal(id);
  });

  for (const id of ['', '-a', 'a-', 'A', 'a_b', 'x'.repeat(41)]) {
    it(`refuses '${id}'`, () => {
      expect(() => buildId(id)).to.throw(/cannot be a build id/);
    });
  }
});

describe('registryFiles', () => {
  const key = (uri: string): string | undefined => {
    const registry = { uri, transport: { insecure: false, skipTlsVerify: false } } as ContainerRegistry;
    const configuration = kanikoConfiguration.parse({ kubernetes_context: 'dev' });
    const files = registryFiles(registry, { username: 'u', password: 'p' }, configuration);
    const { auths } = JSON.parse(files['config.json'] ?? '{}') as { auths: object };
    return Object.keys(auths)[0];
  };

  it('knows the registry by its host', () => {
    expect(key('registry.example.com:5000/team')).to.equal('registry.example.com:5000');
  });

  it("knows Docker Hub by the name under which Docker's own configuration has it", () => {
    for (const host of ['docker.io/acme', 'index.docker.io', 'registry-1.docker.io/acme']) {
      expect(key(host)).to.equal('https://index.docker.io/v1/');
    }
  });
});

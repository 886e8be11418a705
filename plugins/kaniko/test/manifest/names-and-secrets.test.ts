import { expect } from 'chai';
import { labelValue } from '../../src/manifest/build-labels.js';
import { buildId } from '../../src/manifest/build-names.js';
import { registryEntries } from '../../src/manifest/registry-entries.js';
import type { RegistryAccess } from '../../src/registries/registry-access.js';

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

describe('registryEntries', () => {
  const credentials = undefined;
  const configOf = (logins: RegistryAccess['logins']): unknown => {
    const [entry] = registryEntries({ logins, authorities: [], credentials });
    return JSON.parse(String(entry?.content));
  };
  const key = (host: string): string | undefined => {
    const { auths } = configOf([{ host, login: { username: 'u', password: 'p' } }]) as { auths: object };
    return Object.keys(auths)[0];
  };

  it('knows registries by their host', () => {
    expect(key('registry.example.com:5000')).to.equal('registry.example.com:5000');
  });

  it("knows Docker Hub by the name under which Docker's own configuration has it", () => {
    for (const host of ['docker.io', 'index.docker.io', 'registry-1.docker.io']) {
      expect(key(host)).to.equal('https://index.docker.io/v1/');
    }
  });

  it('keeps several logins apart, and passes on tokens under the name of their kind', () => {
    const login = { kind: 'identitytoken', token: 'hush' } as const;
    const config = configOf([
      { host: 'one.example.com', login: { username: 'u', password: 'p:q' } },
      { host: 'two.example.com', login },
    ]);
    expect(config).to.deep.equal({
      auths: {
        'one.example.com': { auth: Buffer.from('u:p:q').toString('base64') },
        'two.example.com': { identitytoken: 'hush' },
      },
    });
  });

  it('is empty where nothing is needed', () => {
    expect(registryEntries({ logins: [], authorities: [], credentials })).to.deep.equal([]);
  });
});

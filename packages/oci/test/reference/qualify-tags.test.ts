import { expect } from 'chai';

import { qualifyTags } from '@slipway/oci';

import { refusalOf } from '../support/refusal-of.js';

function qualify(uri: string, ...tags: string[]): string[] {
  return qualifyTags({ uri }, tags).map(String);
}

describe('qualifyTags', () => {
  describe('makes whole', () => {
    const cases: readonly (readonly [uri: string, tag: string, whole: string])[] = [
      ['198.18.0.1:5000', 'demo/hello:1', '198.18.0.1:5000/demo/hello:1'],
      ['198.18.0.1:5000', 'hello', '198.18.0.1:5000/hello:latest'],
      ['198.18.0.1:5000', '198.18.0.1:5000/demo/hello:1', '198.18.0.1:5000/demo/hello:1'],
      ['reg.example.com/team', 'hello:1', 'reg.example.com/team/hello:1'],
      ['reg.example.com/team', 'team/hello:1', 'reg.example.com/team/team/hello:1'],
      ['reg.example.com/team', 'reg.example.com/team/hello:1', 'reg.example.com/team/hello:1'],
      ['ghcr.io/acme/app', 'ghcr.io/acme/app:1', 'ghcr.io/acme/app:1'],
      ['Reg.Example.com', 'REG.example.com/hello:1', 'reg.example.com/hello:1'],
      ['[fd00::1]:5000', 'hello:1', '[fd00::1]:5000/hello:1'],
      ['localhost:5000', 'localhost:5000/hello:1', 'localhost:5000/hello:1'],
      ['reg.example.com', 'localhost:1', 'reg.example.com/localhost:1'],
      ['docker.io', 'hello:1', 'docker.io/library/hello:1'],
      ['docker.io', 'acme/hello:1', 'docker.io/acme/hello:1'],
      ['docker.io', 'docker.io/hello:1', 'docker.io/library/hello:1'],
      ['docker.io/acme', 'hello:1', 'docker.io/acme/hello:1'],
      ['docker.io/acme', 'acme/hello:1', 'docker.io/acme/hello:1'],
      ['docker.io/acme', 'index.docker.io/acme/hello:1', 'docker.io/acme/hello:1'],
      ['index.docker.io/acme', 'docker.io/acme/hello:1', 'docker.io/acme/hello:1'],
    ];
    for (const [uri, tag, whole] of cases) {
      it(`${tag} in ${uri} as ${whole}`, () => {
        expect(qualify(uri, tag)).to.deep.equal([whole]);
      });
    }
  });

  it('keeps the order and leaves duplicates out', () => {
    const tags = ['hello:2', 'hello', 'reg.example.com/hello:2', 'hello:latest'];
    expect(qualify('reg.example.com', ...tags)).to.deep.equal([
      'reg.example.com/hello:2',
      'reg.example.com/hello:latest',
    ]);
  });

  it("uses the registry's default repository where no tag is given", () => {
    const registry = { uri: 'reg.example.com/team', defaultRepository: 'hello' };
    expect(qualifyTags(registry, []).map(String)).to.deep.equal(['reg.example.com/team/hello:latest']);
    expect(qualifyTags(registry, ['other:1']).map(String)).to.deep.equal(['reg.example.com/team/other:1']);
  });

  it('refuses to guess where there is neither a tag nor a default repository', () => {
    const error = refusalOf(() => qualify('reg.example.com'));
    expect(error).to.include({ code: 'MISSING_TAG', exitCode: 2 });
    expect(error.fix).to.contain('-t NAME:TAG').and.contain('--default_repository');
  });

  describe('refuses as outside of the registry', () => {
    const cases: readonly (readonly [uri: string, tag: string])[] = [
      ['198.18.0.1:5000', 'other.example.com/demo/hello:1'],
      ['198.18.0.1:5000', '198.18.0.1/demo/hello:1'],
      ['198.18.0.1:5000', 'localhost/hello:1'],
      ['198.18.0.1:5000', 'docker.io/acme/hello:1'],
      ['reg.example.com/team', 'reg.example.com/hello:1'],
      ['reg.example.com/team', 'reg.example.com/team2/hello:1'],
      ['docker.io/acme', 'docker.io/hello:1'],
    ];
    for (const [uri, tag] of cases) {
      it(`${tag} for ${uri}`, () => {
        const error = refusalOf(() => qualify(uri, tag));
        expect(error).to.include({ code: 'REFERENCE_OUTSIDE_REGISTRY', exitCode: 2 });
        expect(error.message).to.contain(tag).and.contain(uri);
        expect(error.fix)
          .to.contain(`'${tag.slice(tag.indexOf('/') + 1)}'`)
          .and.contain('slipway stack update');
      });
    }
  });

  it('tells mistakes in terms of what was written', () => {
    expect(refusalOf(() => qualify('reg.example.com/team', 'Demo/hello:1'))).to.include({
      code: 'INVALID_REFERENCE',
      message: "'Demo/hello:1' is not an image reference.",
      reason: "The repository has upper case ('D' at character 1).",
      fix: "Write 'demo/hello:1'.",
    });
    for (const tag of ['', ':1', 'hello:', '/hello', 'https://reg.example.com/team/hello']) {
      expect(refusalOf(() => qualify('reg.example.com/team', tag))).to.include({ code: 'INVALID_REFERENCE' });
    }
  });

  it('refuses a digest, which only the build can make', () => {
    const error = refusalOf(() => qualify('reg.example.com', `demo/hello:1@sha256:${'a1'.repeat(32)}`));
    expect(error).to.include({ code: 'INVALID_REFERENCE', fix: "Write 'demo/hello:1'." });
  });

  it('refuses what is too long only with the path of the registry before it', () => {
    const name = 'x'.repeat(252);
    expect(qualify('reg.example.com', name)).to.have.length(1);
    expect(refusalOf(() => qualify('reg.example.com/team', name)).reason).to.contain('257 characters');
  });

  it('refuses a registry whose host every other tool would take for a repository of Docker Hub', () => {
    const error = refusalOf(() => qualify('registry', 'hello:1'));
    expect(error).to.include({ code: 'INVALID_REGISTRY_URI', exitCode: 2 });
    expect(error.fix).to.contain('registry:443');
  });
});

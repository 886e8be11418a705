import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { DockerCredentials, ImageReference } from '@slipway/oci';
import { expect } from 'chai';

import { rejectionOf } from '../support/refusal-of.js';
import { toBytes } from '../support/small-image.js';
import { put } from '../support/tar-command.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const secret = 'pass:w0rd';
const builder = { username: 'builder', password: secret };

function auth(username: string, password = secret): { auth: string } {
  return { auth: Buffer.from(`${username}:${password}`).toString('base64') };
}

function rejectionOfAny(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}

/** A process that was killed stays in the table until it is waited for; whoever has it in care does that soon. */
async function untilGone(pid: number): Promise<void> {
  const stat = `/proc/${pid}/stat`;
  const isThere = (): boolean => {
    try {
      return process.platform === 'linux' ? !/\) Z /.test(readFileSync(stat, 'utf8')) : process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (isThere()) await setTimeout(5);
}

describe('DockerCredentials', () => {
  const path = temporaryFolder();

  function docker(content: unknown): void {
    put(path('docker'), 'config.json', typeof content === 'string' ? content : toBytes(content));
  }

  function podman(content: unknown): void {
    put(path('run'), 'containers/auth.json', toBytes(content));
  }

  /** A credential helper on the PATH of these tests. */
  function helper(name: string, script: string): void {
    put(path('bin'), `docker-credential-${name}`, `#!/bin/sh\n${script}\n`);
    chmodSync(path('bin', `docker-credential-${name}`), 0o755);
  }

  function load(environment: NodeJS.ProcessEnv = {}): Promise<DockerCredentials> {
    const PATH = `${path('bin')}:${process.env.PATH}`;
    return DockerCredentials.load({
      HOME: path('home'),
      PATH,
      DOCKER_CONFIG: path('docker'),
      XDG_RUNTIME_DIR: path('run'),
      ...environment,
    });
  }

  async function userFor(target: string): Promise<string | undefined> {
    const credentials = await load();
    const found = await credentials.loginFor(target.includes('/') ? ImageReference.parse(target) : target);
    return found === undefined || 'token' in found ? undefined : found.username;
  }

  describe('are read', () => {
    it('from the folder that DOCKER_CONFIG names', async () => {
      docker({ auths: { 'reg.example.com': auth('builder') } });
      expect(await (await load()).loginFor('reg.example.com')).to.deep.equal(builder);
    });

    it('or else from the home folder', async () => {
      put(path('home'), '.docker/config.json', toBytes({ auths: { 'reg.example.com': builder } }));
      const credentials = await load({ DOCKER_CONFIG: '' });
      expect(await credentials.loginFor('reg.example.com')).to.deep.equal(builder);
    });

    it("and then from Podman's file", async () => {
      docker({ auths: { 'one.example.com': auth('docker') } });
      podman({ auths: { 'one.example.com': auth('podman'), 'two.example.com': auth('podman') } });
      expect(await userFor('one.example.com')).to.equal('docker');
      expect(await userFor('two.example.com')).to.equal('podman');
    });

    it('or the file that REGISTRY_AUTH_FILE names instead', async () => {
      podman({ auths: { 'reg.example.com': auth('podman') } });
      put(path(), 'other.json', toBytes({ auths: { 'reg.example.com': auth('other') } }));
      const credentials = await load({ REGISTRY_AUTH_FILE: path('other.json') });
      expect(await credentials.loginFor('reg.example.com')).to.include({ username: 'other' });
    });

    it('where there are any', async () => {
      expect(await userFor('reg.example.com')).to.equal(undefined);
      docker('');
      expect(await userFor('reg.example.com')).to.equal(undefined);
      docker({ auths: { 'reg.example.com': {}, 'other.example.com': auth('builder') } });
      expect(await userFor('reg.example.com')).to.equal(undefined);
    });
  });

  describe('are found under a key', () => {
    for (const [key, target] of [
      ['reg.example.com', 'reg.example.com/demo/hello'],
      ['Reg.Example.com', 'reg.example.com'],
      ['https://reg.example.com', 'reg.example.com'],
      ['https://reg.example.com/v1/', 'reg.example.com'],
      ['http://reg.example.com:5000/some/where', 'reg.example.com:5000'],
      ['reg.example.com/v2/', 'reg.example.com'],
      ['https://index.docker.io/v1/', 'docker.io'],
      ['https://index.docker.io/v1/', 'index.docker.io'],
      ['docker.io', 'library/hello'],
      ['registry-1.docker.io', 'library/hello'],
      ['docker.io/library', 'library/hello'],
      ['reg.example.com/demo', 'reg.example.com/demo/hello'],
    ] as const) {
      it(`${key} for ${target}`, async () => {
        docker({ auths: { [key]: auth('builder') } });
        expect(await userFor(target)).to.equal('builder');
      });
    }

    for (const [key, target] of [
      ['reg.example.com', 'reg.example.com:5000'],
      ['reg.example.com/demo', 'reg.example.com/demonstration'],
      ['reg.example.com/demo', 'reg.example.com'],
      ['reg.example.com/demo/hello', 'reg.example.com/demo/other'],
    ] as const) {
      it(`but not ${key} for ${target}`, async () => {
        docker({ auths: { [key]: auth('builder') } });
        expect(await userFor(target)).to.equal(undefined);
      });
    }

    it('that fits most of the name', async () => {
      const keys = ['reg.example.com', 'reg.example.com/demo', 'reg.example.com/demo/hello'];
      docker({ auths: Object.fromEntries(keys.map((key) => [key, auth(key)])) });
      expect(await userFor('reg.example.com/demo/hello:1')).to.equal('reg.example.com/demo/hello');
      expect(await userFor('reg.example.com/demo/other')).to.equal('reg.example.com/demo');
      expect(await userFor('reg.example.com/else')).to.equal('reg.example.com');
    });

    it('that is written plainly rather than as an address', async () => {
      docker({ auths: { 'reg.example.com': auth('plain'), 'https://reg.example.com/v1/': auth('address') } });
      expect(await userFor('reg.example.com')).to.equal('plain');
    });
  });

  describe('come from a helper', () => {
    const answer = (username: string): string =>
      `read server; printf '{"ServerURL":"%s","Username":"${username}-%s","Secret":"${secret}"}' "$server" "$server"`;

    it("of the registry before that for all, and before the file's own", async () => {
      helper('own', answer('own'));
      helper('all', answer('all'));
      docker({
        credHelpers: { 'one.example.com': 'own', 'plain.example.com': '' },
        credsStore: 'all',
        auths: { 'one.example.com': auth('file'), 'two.example.com': auth('file'), 'plain.example.com': auth('file') },
      });
      expect(await userFor('one.example.com/demo/hello')).to.equal('own-one.example.com');
      expect(await userFor('two.example.com')).to.equal('all-two.example.com');
      expect(await userFor('plain.example.com')).to.equal('file');
    });

    it('which knows Docker Hub by its old address', async () => {
      helper('all', answer('all'));
      docker({ credsStore: 'all' });
      expect(await userFor('library/hello')).to.equal('all-https://index.docker.io/v1/');
    });

    it('unless it has none', async () => {
      helper('all', "echo 'credentials not found in native keychain'; exit 1");
      docker({ credsStore: 'all', auths: { 'reg.example.com': auth('file') } });
      expect(await userFor('reg.example.com')).to.equal('file');
      expect(await userFor('other.example.com')).to.equal(undefined);
    });

    it('or not, where it is not installed', async () => {
      docker({ credsStore: 'nowhere' });
      const error = await rejectionOf(userFor('reg.example.com'));
      expect(error).to.include({ code: 'CREDENTIAL_HELPER_MISSING' });
      expect(error.message).to.contain("'docker-credential-nowhere'");
    });

    for (const [what, script, reason] of [
      ['fails', `echo ${secret}; echo ${secret} >&2; exit 3`, /exit code 3/],
      ['is killed', 'kill -9 $$', /signal SIGKILL/],
      ['prints no JSON', `echo ${secret}`, /not JSON/],
      ['prints something else', `echo '{"Secret":"${secret}"}'`, /no Username/],
      ['prints without end', `yes ${secret}`, /more than 1 MiB/],
    ] as const) {
      it(`or not, where it ${what}; what it prints is not shown`, async () => {
        helper('all', script);
        docker({ credsStore: 'all' });
        const error = await rejectionOf(userFor('reg.example.com'));
        expect(error).to.include({ code: 'CREDENTIAL_HELPER_FAILED' });
        expect(error.reason).to.match(reason);
        expect(`${JSON.stringify(error)}${String(error.cause)}`).not.to.contain(secret);
      });
    }

    it('that ends, whatever it leaves behind', async () => {
      helper('all', `(sleep 600; echo late) & echo $! > ${path('pid')}; ${answer('all')}`);
      docker({ credsStore: 'all' });
      try {
        expect(await userFor('reg.example.com')).to.equal('all-reg.example.com');
      } finally {
        process.kill(Number(readFileSync(path('pid'), 'utf8')));
      }
    });

    it('that is a name, and not a path', async () => {
      docker({ credsStore: '../bin/x' });
      expect(await rejectionOf(userFor('reg.example.com'))).to.include({ code: 'DOCKER_CONFIG_INVALID' });
    });
  });

  describe('of who is waited for', () => {
    it('end with the signal, and with them what the helper has started', async () => {
      helper('all', `sleep 600 & echo $! > ${path('pid')}; wait`);
      docker({ credsStore: 'all' });
      const credentials = await load();
      const controller = new AbortController();
      const asked = credentials.loginFor('reg.example.com', { signal: controller.signal });
      const refused = rejectionOfAny(asked);
      while (!existsSync(path('pid')) || readFileSync(path('pid'), 'utf8') === '') await setTimeout(5);
      controller.abort(new Error('no longer needed'));
      expect(String(await refused)).to.equal('Error: no longer needed');
      const sleeper = Number(readFileSync(path('pid'), 'utf8'));
      await untilGone(sleeper);
    });
  });

  describe('may be an identity token', () => {
    const token = { kind: 'identitytoken', token: secret };

    it('or a registry token', async () => {
      docker({ auths: { 'reg.example.com': { registrytoken: secret } } });
      expect(await (await load()).loginFor('reg.example.com')).to.deep.equal({ kind: 'registrytoken', token: secret });
    });

    it('where a file has one', async () => {
      docker({ auths: { 'reg.example.com': { ...auth('someone', ''), identitytoken: secret } } });
      expect(await (await load()).loginFor('reg.example.com')).to.deep.equal(token);
    });

    it('where a helper has one', async () => {
      helper('all', `echo '{"Username":"<token>","Secret":"${secret}"}'`);
      docker({ credsStore: 'all' });
      expect(await (await load()).loginFor('reg.example.com')).to.deep.equal(token);
    });
  });

  describe('refuse a file', () => {
    for (const [what, content] of [
      ['that is not JSON', `{"auths": {"reg.example.com": {"password": "${secret}"`],
      ['that is a list', '[]'],
      ['whose auths are a list', '{"auths": []}'],
      ['whose entry is not base64', `{"auths": {"reg.example.com": {"auth": "${secret}"}}}`],
      ['whose entry has no colon', `{"auths": {"reg.example.com": {"auth": "${btoa('password')}"}}}`],
      ['whose entry is a text', `{"auths": {"reg.example.com": "${secret}"}}`],
    ] as const) {
      it(`${what}, with its path and without its content`, async () => {
        docker(content);
        const error = await rejectionOf(userFor('reg.example.com'));
        expect(error).to.include({ code: 'DOCKER_CONFIG_INVALID' });
        expect(error.message).to.contain(path('docker', 'config.json'));
        expect(`${JSON.stringify(error)}${String(error.cause)}`).not.to.match(/w0rd|cGFzc3dvcmQ/);
      });
    }

    it('but not for an entry that nobody asks for', async () => {
      docker({ auths: { 'broken.example.com': { auth: '!' }, 'reg.example.com': auth('builder') } });
      expect(await userFor('reg.example.com')).to.equal('builder');
    });
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { token, useBench } from '../support/bench.js';

describe('Permissions and credentials', () => {
  const used = useBench();

  describe('a build that may not', () => {
    for (const [verb, resource, purpose] of [
      ['create', 'jobs', 'to start builds'],
      ['list', 'pods', 'to follow builds'],
      ['watch', 'pods', 'to follow builds'],
      ['get', 'pods/attach', 'to send the build context'],
    ] as const) {
      it(`${verb} ${resource} says so before it makes anything, and how to get the permission`, async () => {
        const { bench } = used;
        bench.api.forbid({ verb, resource });
        const error = await bench.failure('KUBERNETES_FORBIDDEN');
        expect(error.message).to.equal(
          `The cluster of context 'dev' does not let you ${verb} ${resource} in namespace builds.`,
        );
        expect(error.reason).to.equal(`It is needed ${purpose}.`);
        expect(bench.api.requests.filter(({ path }) => /\/jobs\b/.test(path))).to.deep.equal([]);
        expect(error.fix).to.include('slipway image-builder rbac');
      });
    }

    it('create secrets says so where it needs one', async () => {
      const { bench } = used;
      await bench.configure({}, { username: 'me', password: 'open sesame' });
      bench.api.forbid({ verb: 'create', resource: 'secrets' });
      expect((await bench.failure('KUBERNETES_FORBIDDEN')).message).to.include('create secrets');
    });

    it('create secrets does not need to where it needs none', async () => {
      used.bench.api.forbid({ verb: 'create', resource: 'secrets' });
      await used.bench.build();
    });

    it('list events goes on, and warns', async () => {
      const { bench } = used;
      bench.api.forbid({ verb: 'list', resource: 'events' });
      await bench.build();
      expect(bench.warnings).to.deep.equal(['What the pod waits for cannot be told in full.']);
    });

    it('read logs goes on, and warns', async () => {
      const { bench } = used;
      bench.api.forbid({ verb: 'get', resource: 'pods/log' });
      await bench.build();
      expect(bench.warnings).to.deep.equal(['What the executor prints cannot be shown.']);
    });

    it('delete jobs tells what is left, and for how long', async () => {
      const { bench } = used;
      used.mayLeave(/^(Job|Pod) slipway-build-kept/);
      bench.api.forbid({ verb: 'delete', resource: 'jobs' });
      await bench.build({ buildId: 'kept' });
      const [warning] = bench.eventsOf('warning');
      expect(warning?.message).to.include("'slipway-build-kept' in namespace 'builds' could not be deleted");
      expect(warning?.reason).to.include('600 s after its end');
      expect(warning?.fix).to.equal('kubectl --namespace builds delete job slipway-build-kept');
    });

    it('delete pods does not need to', async () => {
      const { bench } = used;
      bench.api.forbid({ verb: 'delete', resource: 'pods' });
      await bench.build();
      expect(bench.warnings).to.deep.equal([]);
    });
  });

  describe('a user of the kubeconfig', () => {
    /** Makes the kubeconfig's user have these fields in place of its token. */
    async function userIs(user: object): Promise<void> {
      const { bench } = used;
      const text = bench.api.kubeconfig({ context: 'dev', namespace: 'builds' });
      await writeFile(join(bench.folder, 'config'), text.replace(/user: \{.*\}/, `user: ${JSON.stringify(user)}`));
    }

    /** An exec credential plugin: a program that runs this code of Node. */
    async function execPlugin(code: string, more: object = {}): Promise<object> {
      const script = join(used.bench.folder, 'credentials.cjs');
      await writeFile(script, code);
      const apiVersion = 'client.authentication.k8s.io/v1';
      return { exec: { apiVersion, command: process.execPath, args: [script], interactiveMode: 'Never', ...more } };
    }

    it('with a wrong token is told to log in', async () => {
      await userIs({ token: 'stale' });
      const error = await used.bench.failure('KUBERNETES_UNAUTHORIZED');
      expect(error.message).to.include("context 'dev' does not accept your credentials");
    });

    it('with a credential plugin is asked again for what the cluster does not accept any more', async () => {
      const { bench } = used;
      const counter = join(bench.folder, 'counter');
      await userIs(
        await execPlugin(
          `const { appendFileSync, readFileSync } = require('node:fs');
           appendFileSync(process.argv[2], 'x');
           const token = readFileSync(process.argv[2], 'utf8') === 'x' ? 'stale' : ${JSON.stringify(token)};
           const { kind, apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
           console.log(JSON.stringify({ kind, apiVersion, status: { token } }));`,
          { args: [join(bench.folder, 'credentials.cjs'), counter] },
        ),
      );
      await bench.build();
    });

    it('with a credential plugin that is not installed is told how to install it', async () => {
      await userIs(
        await execPlugin('', { command: 'no-such-credential-plugin', installHint: 'Install it with: brew' }),
      );
      const error = await used.bench.failure('CREDENTIAL_PLUGIN_MISSING');
      expect(error.message).to.include("'no-such-credential-plugin'");
      expect(error.fix).to.equal('Install it with: brew');
    });

    it('with a credential plugin that fails is told its exit code', async () => {
      await userIs(await execPlugin('process.exit(3)'));
      expect((await used.bench.failure('CREDENTIAL_PLUGIN_FAILED')).reason).to.include('exit code 3');
    });

    it('with a credential plugin that prints nonsense is not shown it, as it may be secret', async () => {
      await userIs(await execPlugin(`console.log('{"token": "hush')`));
      const error = await used.bench.failure('CREDENTIAL_PLUGIN_FAILED');
      expect(JSON.stringify(error)).to.not.include('hush');
    });

    it('with a token in a file is let in', async () => {
      await writeFile(join(used.bench.folder, 'token'), `${token}\n`);
      await userIs({ tokenFile: './token' });
      await used.bench.build();
    });
  });
});

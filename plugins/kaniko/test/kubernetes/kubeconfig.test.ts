import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { ScriptedKubernetesApi } from '@slipway/testing';
import { expect } from 'chai';
import { clusterAccess } from '../../src/kubernetes/cluster-access.js';
import { readKubeconfig } from '../../src/kubernetes/kubeconfig-file.js';
import { KubernetesConnection } from '../../src/kubernetes/kubernetes-connection.js';
import { changeableEnvironment } from '../support/environment.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('The kubeconfig', () => {
  const folder = temporaryFolder();
  const set = changeableEnvironment();

  /** Writes a kubeconfig of one context, cluster and user. @returns its path */
  async function write(path: string, name: string, server: string, more: { user?: object; cluster?: object } = {}) {
    const full = join(folder(), path);
    await mkdir(join(full, '..'), { recursive: true });
    const content = {
      'current-context': name,
      clusters: [{ name: 'cluster', cluster: { server, ...more.cluster } }],
      users: [{ name, user: { token: `token of ${name}`, ...more.user } }],
      contexts: [{ name, context: { cluster: 'cluster', user: name } }],
    };
    await writeFile(full, JSON.stringify(content));
    return full;
  }

  it('is put together of several files: the first entry of a name counts, a missing file does not matter', async () => {
    const paths = [
      await write('a', 'one', 'https://first.example.com'),
      join(folder(), 'missing'),
      await write('b', 'two', 'https://second.example.com'),
    ];
    const environment = { KUBECONFIG: paths.join(delimiter) };
    const config = await readKubeconfig(environment);
    expect(config.currentContext).to.equal('one');
    const two = await clusterAccess({ kubernetes_context: 'two' }, environment);
    expect(two.cluster.server).to.equal('https://first.example.com');
    expect(two.user.token).to.equal('token of two');
    expect(two.namespace).to.equal('default');
  });

  it('is ~/.kube/config where KUBECONFIG does not say otherwise', async () => {
    await write('.kube/config', 'home', 'https://home.example.com');
    expect(
      (await clusterAccess({ kubernetes_context: 'home', kubernetes_namespace: 'ns' }, { HOME: folder() })).namespace,
    ).to.equal('ns');
  });

  it('is the one that was named, whatever KUBECONFIG says', async () => {
    const named = await write('named.yaml', 'here', 'https://named.example.com');
    await write('other', 'here', 'https://other.example.com');
    const environment = { KUBECONFIG: join(folder(), 'other'), HOME: folder() };
    for (const kubeconfig of [named, '~/named.yaml']) {
      const access = await clusterAccess({ kubernetes_context: 'here', kubeconfig }, environment);
      expect(access.cluster.server).to.equal('https://named.example.com');
      expect(access.kubectl).to.equal(`kubectl --kubeconfig ${kubeconfig} --context here`);
    }
  });

  it('has paths relative to its own file', async () => {
    const user = {
      'client-certificate': 'pki/me.crt',
      'client-key': '/etc/me.key',
      exec: { apiVersion: 'v1', command: './bin/login' },
    };
    const path = await write('deep/config', 'dev', 'https://x', {
      user,
      cluster: { 'certificate-authority': '../ca.crt' },
    });
    const access = await clusterAccess({ kubernetes_context: 'dev' }, { KUBECONFIG: path });
    expect(access.cluster['certificate-authority']).to.equal(join(folder(), 'ca.crt'));
    expect(access.user['client-certificate']).to.equal(join(folder(), 'deep/pki/me.crt'));
    expect(access.user['client-key']).to.equal('/etc/me.key');
    expect(access.user.exec?.command).to.equal(join(folder(), 'deep/bin/login'));
  });

  it('names the context that was probably meant', async () => {
    const path = await write('config', 'production', 'https://x');
    const error = await failure(
      'UNKNOWN_KUBERNETES_CONTEXT',
      clusterAccess({ kubernetes_context: 'prodution' }, { KUBECONFIG: path }),
    );
    expect(error.reason).to.include("'production'");
    expect(error.fix).to.include('--kubernetes_context=production;');
  });

  it('suggests no context that is unlike the one that is missing, unless there is no other', async () => {
    const contexts = async (...names: string[]): Promise<string | undefined> => {
      const path = join(folder(), `config-${names.length}`);
      await writeFile(path, JSON.stringify({ contexts: names.map((name) => ({ name, context: { cluster: 'c' } })) }));
      const access = clusterAccess({ kubernetes_context: 'staging' }, { KUBECONFIG: path });
      return (await failure('UNKNOWN_KUBERNETES_CONTEXT', access)).fix;
    };
    expect(await contexts('production', 'tests')).to.include('--kubernetes_context=CONTEXT;');
    expect(await contexts('production')).to.include('--kubernetes_context=production;');
  });

  it('says where it looked for one that is not there', async () => {
    const error = await failure('KUBECONFIG_NOT_FOUND', readKubeconfig({ KUBECONFIG: '/nowhere/config' }));
    expect(error.message).to.include('/nowhere/config');
  });

  it('says which line is no YAML, and quotes nothing of it', async () => {
    const path = join(folder(), 'config');
    await writeFile(path, 'users:\n  - name: me\n    user: { token: hush-hush\ncontexts: [\n');
    const error = await failure('KUBECONFIG_INVALID', readKubeconfig({ KUBECONFIG: path }));
    expect(error.reason).to.match(/line \d/);
    expect(JSON.stringify([error, String(error.cause), error.stack])).to.not.include('hush');
  });

  it('says which field is wrong, and quotes no value', async () => {
    const path = join(folder(), 'config');
    await writeFile(path, JSON.stringify({ users: [{ name: 'me', user: { token: { hush: 'hush' } } }] }));
    const error = await failure('KUBECONFIG_INVALID', readKubeconfig({ KUBECONFIG: path }));
    expect(error.reason).to.include('token');
    expect(JSON.stringify([error, String(error.cause)])).to.not.include('hush');
  });

  it('says that a context names what is not there', async () => {
    const path = join(folder(), 'config');
    await writeFile(path, 'contexts: [{ name: dev, context: { cluster: gone } }]');
    const error = await failure(
      'KUBECONFIG_INVALID',
      clusterAccess({ kubernetes_context: 'dev' }, { KUBECONFIG: path }),
    );
    expect(error.message).to.include("the cluster 'gone'");
  });

  it('sends everything through its proxy', async () => {
    const api = await ScriptedKubernetesApi.start({ token: 'right' });
    const through: string[] = [];
    const proxy = createServer();
    // A proxy of the simplest kind: takes whole addresses, and tunnels.
    proxy.on('request', (request, response) => {
      through.push(request.url ?? '');
      void fetch(request.url ?? '', { headers: { authorization: request.headers.authorization ?? '' } }).then(
        async (answer) => response.writeHead(answer.status).end(await answer.text()),
      );
    });
    proxy.on('connect', (request, socket) => {
      through.push(request.url ?? '');
      const [host, port] = (request.url ?? '').split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    set(
      'KUBECONFIG',
      await write('config', 'dev', api.url, { user: { token: 'right' }, cluster: { 'proxy-url': url } }),
    );
    const connection = await KubernetesConnection.open({ kubernetes_context: 'dev' });
    try {
      const version = await connection.request<{ major: string }>({ method: 'GET', path: '/version', what: 'ask' });
      expect(version.major).to.equal('1');
      expect(through).to.have.length(1);
    } finally {
      connection.close();
      proxy.close();
      proxy.closeAllConnections();
      await api.close();
    }
  });
});

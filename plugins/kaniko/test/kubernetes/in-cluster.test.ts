import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { inClusterAccess } from '../../src/kubernetes/in-cluster-access.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('A pod as the place to build from', () => {
  const folder = temporaryFolder();
  const environment = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '6443' };

  async function serviceAccount(): Promise<string> {
    const directory = join(folder(), 'serviceaccount');
    await mkdir(directory);
    for (const [name, content] of Object.entries({ token: 'of-the-pod', 'ca.crt': 'PEM', namespace: 'ci\n' })) {
      await writeFile(join(directory, name), content);
    }
    return directory;
  }

  it('is the cluster, the namespace and the service account of that pod', async () => {
    const directory = await serviceAccount();
    const access = await inClusterAccess(undefined, environment, directory);
    expect(access.namespace).to.equal('ci');
    expect(access.cluster).to.deep.equal({
      server: 'https://10.0.0.1:6443',
      'certificate-authority': join(directory, 'ca.crt'),
    });
    // By its file: the kubelet renews the token.
    expect(access.user).to.deep.equal({ tokenFile: join(directory, 'token') });
  });

  it('may build in another namespace, and in a cluster with IPv6', async () => {
    const ipv6 = { KUBERNETES_SERVICE_HOST: 'fd00::1' };
    const access = await inClusterAccess('builds', ipv6, await serviceAccount());
    expect(access.namespace).to.equal('builds');
    expect(access.cluster.server).to.equal('https://[fd00::1]:443');
  });

  it('is refused outside of a pod, and in one without the token of its service account', async () => {
    expect((await failure('NOT_IN_CLUSTER', inClusterAccess(undefined, {}))).reason).to.include(
      'KUBERNETES_SERVICE_HOST',
    );
    expect((await failure('NOT_IN_CLUSTER', inClusterAccess(undefined, environment, folder()))).reason).to.include(
      'token',
    );
  });
});

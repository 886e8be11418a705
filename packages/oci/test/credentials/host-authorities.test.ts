import { hostAuthorities } from '@slipway/oci';
import { expect } from 'chai';

import { put } from '../support/tar-command.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('hostAuthorities', () => {
  const path = temporaryFolder();

  it('has nothing for a registry of which this machine knows none, and for what is no host', async () => {
    const environment = { XDG_CONFIG_HOME: path('configuration') };
    put(path('configuration'), 'docker/certs.d/broken.example.com/ca.crt', 'no certificate');
    for (const host of ['nobody.example.com', 'broken.example.com', '../../..', '..', '']) {
      expect(await hostAuthorities(host, environment), host).to.deep.equal([]);
    }
  });
});

import { resolve } from 'node:path';
import { expect } from 'chai';
import { defaultConfigDirectory } from '../../src/index.js';

describe('The configuration folder', () => {
  it('is where SLIPWAY_CONFIG_DIR says, as a whole path', () => {
    expect(defaultConfigDirectory({ SLIPWAY_CONFIG_DIR: 'here' })).to.equal(resolve('here'));
  });

  it('is else one of the platform, named after the program', () => {
    for (const environment of [{}, { SLIPWAY_CONFIG_DIR: '' }]) {
      expect(defaultConfigDirectory(environment))
        .to.match(/slipway/)
        .and.to.match(/^(\/|[A-Z]:)/);
    }
  });
});

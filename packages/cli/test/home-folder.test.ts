import { expect } from 'chai';
import { ensureHomeFolder } from '../src/home-folder.js';

describe('ensureHomeFolder', () => {
  const homeFor = (environment: NodeJS.ProcessEnv, homeOfUser: () => string): string | undefined => {
    ensureHomeFolder(environment, homeOfUser);
    return environment['HOME'];
  };

  it('keeps what the environment says', () => {
    expect(homeFor({ HOME: '/home/ann' }, () => '/other')).to.equal('/home/ann');
  });

  it('takes what the system knows where the environment says nothing', () => {
    expect(homeFor({}, () => '/home/ann')).to.equal('/home/ann');
    expect(homeFor({ HOME: '' }, () => '/home/ann')).to.equal('/home/ann');
  });

  it('takes the root for a user that the system does not know', () => {
    const unknown = (): never => {
      throw new Error('no entry in passwd');
    };
    expect(homeFor({}, unknown)).to.equal('/');
    expect(homeFor({}, () => '')).to.equal('/');
  });
});

import { expect } from 'chai';
import { SlipwayError, UsageError } from '../../src/index.js';

describe('SlipwayError', () => {
  const options = { code: 'BROKEN', message: 'It broke.', reason: 'It was old.', fix: 'Buy another.' };

  it('is shown as plain data, without its cause', () => {
    const error = new SlipwayError({ ...options, cause: new Error('s3cret') });
    expect(JSON.parse(JSON.stringify(error))).to.deep.equal(options);
    expect(error.cause).to.be.instanceOf(Error);
  });

  it('leaves out of the data what is not known', () => {
    expect(new SlipwayError({ code: 'BROKEN', message: 'It broke.' }).toJSON()).to.have.all.keys('code', 'message');
  });

  it('is a failure with exit code 1; a wrong call has 2', () => {
    expect(new SlipwayError(options).exitCode).to.equal(1);
    expect(new UsageError(options).exitCode).to.equal(2);
  });

  it('is named after its class', () => {
    expect(new SlipwayError(options).name).to.equal('SlipwayError');
    expect(new UsageError(options).name).to.equal('UsageError');
  });

  it('is recognised where another copy of the package made it', async () => {
    const module = new URL('../../src/errors/slipway-error.js?another-copy', import.meta.url).href;
    const copy = (await import(module)) as { SlipwayError: typeof SlipwayError };
    const error = new copy.SlipwayError(options);
    expect(error).not.to.be.instanceOf(SlipwayError);
    expect(SlipwayError.is(error)).to.equal(true);
  });

  it('is not seen in other errors and values', () => {
    for (const value of [new Error('other'), { ...options }, undefined, null, 'text']) {
      expect(SlipwayError.is(value)).to.equal(false);
    }
  });
});

import { expect } from 'chai';
import { progressMode } from '../../../src/output/progress/progress-mode.js';
import { failure } from '../../support/failure.js';

const terminal = { isTTY: true };
const pipe = {};

describe('How a build is shown', () => {
  const cases: readonly [string, Parameters<typeof progressMode>, string][] = [
    ['on a terminal, as a picture', [undefined, {}, terminal], 'tty'],
    ['elsewhere, as lines', [undefined, {}, pipe], 'plain'],
    ['on a terminal that can nothing, as lines', [undefined, { TERM: 'dumb' }, terminal], 'plain'],
    ['on a build server, as lines', [undefined, { CI: 'true' }, terminal], 'plain'],
    ['as the option says', ['tty', { SLIPWAY_PROGRESS: 'plain' }, pipe], 'tty'],
    [
      'else as SLIPWAY_PROGRESS says',
      [undefined, { SLIPWAY_PROGRESS: 'quiet', BUILDKIT_PROGRESS: 'tty' }, pipe],
      'quiet',
    ],
    ['else as BUILDKIT_PROGRESS says', [undefined, { BUILDKIT_PROGRESS: 'rawjson' }, terminal], 'rawjson'],
    ['else as the user set it', [undefined, {}, terminal, 'plain'], 'plain'],
    ['with auto, as the stream is', ['auto', { SLIPWAY_PROGRESS: 'quiet' }, terminal], 'tty'],
  ];
  for (const [title, call, mode] of cases) {
    it(title, () => expect(progressMode(...call)).to.equal(mode));
  }

  it('is told by no word that is none', async () => {
    const error = await failure(() => progressMode(undefined, { SLIPWAY_PROGRESS: 'plan' }, pipe));
    expect(error.code).to.equal('INVALID_PROGRESS');
    expect(error.reason).to.include("'plain'");
  });
});

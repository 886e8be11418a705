import { expect } from 'chai';
import { nearest, suggestion } from '../../src/index.js';

describe('The nearest word', () => {
  const cases: readonly [string, readonly string[], string | undefined][] = [
    ['kanico', ['kaniko', 'direct'], 'kaniko'],
    ['KANIKO', ['kaniko', 'direct'], 'kaniko'],
    ['kubernetes-contxt', ['kubernetes_context', 'kubernetes_namespace'], 'kubernetes_context'],
    ['context', ['kubernetes_context'], undefined],
    ['kubernetes', ['executor_image', 'kubernetes_context'], 'kubernetes_context'],
    ['kaniko', ['k', 'direct'], undefined],
    ['nothing', ['kaniko', 'direct'], undefined],
    ['a', ['b', 'c'], undefined],
    ['', ['b'], undefined],
    ['kaniko', [], undefined],
  ];
  for (const [word, candidates, expected] of cases) {
    it(`to '${word}' among ${candidates.join(', ') || 'none'} is ${expected ?? 'none'}`, () => {
      expect(nearest(word, candidates)).to.equal(expected);
    });
  }

  it('is suggested, else all are named in order, else nothing is said', () => {
    expect(suggestion('kanico', ['direct', 'kaniko'])).to.equal("Did you mean 'kaniko'?");
    expect(suggestion('zzz', ['kaniko', 'direct'])).to.equal('Known: direct, kaniko.');
    expect(suggestion('zzz', [])).to.equal(undefined);
  });
});

import {
  type BuildControl,
  type BuildRequest,
  createSlipway,
  defineFlavor,
  definePlugin,
  SlipwayError,
} from '@slipway/core';
import { z } from 'zod';
import { runProgram } from '../../src/program.js';

/** Its behaviour is told by the tag: `ok`, `fail`, `break`, `crash`, `wait` for cancellation, or `ignore` it. */
class SampleBuilder {
  readonly info = { type: 'image_builder', flavor: 'sample', name: 'sample' } as const;

  plan({ tags }: BuildRequest) {
    return Promise.resolve({ buildId: 'b', tags, resources: [{ kind: 'Job' }] });
  }

  async build({ tags, contextDirectory, dockerfile }: BuildRequest, control?: BuildControl) {
    control?.onEvent?.({ type: 'log', line: `${contextDirectory} ${dockerfile}` });
    if (tags[0] === 'fail') throw new SlipwayError({ code: 'BUILD_FAILED', message: 'The build failed.' });
    if (tags[0] === 'break') throw new TypeError('undefined is not a function');
    if (tags[0] === 'crash') {
      await new Promise(() => {
        setImmediate(() => {
          throw new Error('nobody waits for this');
        });
      });
    }
    if (tags[0] === 'wait' || tags[0] === 'ignore') {
      const waiting = setInterval(() => {}, 1_000);
      await new Promise((resolve) => {
        if (tags[0] === 'wait') control?.signal?.addEventListener('abort', resolve);
        control?.onEvent?.({ type: 'log', line: 'waiting' });
      });
      clearInterval(waiting);
      throw new SlipwayError({ code: 'BUILD_CANCELLED', message: 'The build was cancelled.' });
    }
    const digest = `sha256:${'0'.repeat(64)}`;
    const images = tags.map((tag) => ({ tag: `registry/${tag}`, reference: `registry/${tag}@${digest}` }));
    return { buildId: 'b', digest, images, timings: [] };
  }
}

const flavor = defineFlavor({
  type: 'image_builder',
  name: 'sample',
  description: 'For tests.',
  configSchema: z.strictObject({}),
  implementation: () => Promise.resolve(SampleBuilder),
});
const plugin = definePlugin({ apiVersion: 1, name: 'sample', version: '1.0.0', flavors: [flavor] });

process.exitCode = await runProgram(process.argv.slice(2), () => createSlipway({ plugins: [plugin] }));

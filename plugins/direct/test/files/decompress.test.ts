import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { type Compression, decompress } from '../../src/files/decompress.js';

const stepSize = 64 * 1024;

describe('decompress', () => {
  for (const program of ['gzip', 'bzip2', 'xz', 'zstd'] satisfies Compression[]) {
    it(`lets go of what ${program} compressed when its reader has seen enough`, async () => {
      const packed = execFileSync(program, ['-c'], { input: randomBytes(1_000_000), maxBuffer: 2_000_000 });
      let isClosed = false;
      async function* slowly(): AsyncGenerator<Buffer, void> {
        try {
          for (let start = 0; start < packed.length; start += stepSize) {
            await nextTurn();
            yield packed.subarray(start, start + stepSize);
          }
        } finally {
          isClosed = true;
        }
      }
      for await (const chunk of decompress(slowly(), program)) {
        expect(chunk.length).to.be.greaterThan(0);
        break;
      }
      // Whatever still arrives, and finds nobody to take it, has to be no error.
      await setTimeout(20);
      expect(isClosed).to.equal(true);
    });
  }
});

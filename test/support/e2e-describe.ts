import { endToEndEnvironment, missingVariables, type Need, refusingVariable } from './e2e-environment.js';
import { EndToEndRun } from './e2e-run.js';

// The reporter knows by it which tests were left out for want of a cluster.
const endToEndPrefix = 'e2e: ';

/** What the tests of a suite share; each of its members is there as soon as the first test runs. */
export interface EndToEndWorld {
  readonly run: EndToEndRun;
}

/**
 * A suite against the real cluster. It is pending where no cluster is chosen or something that it needs is missing, and fails there where
 * the tests are required. After each test, nothing that Slipway made may be left in the cluster.
 * @param wanted what the suite needs beside cluster, registry and base image
 */
export function describeEndToEnd(title: string, wanted: readonly Need[], body: (world: EndToEndWorld) => void): void {
  const { isChosen, isRequired } = endToEndEnvironment;
  const missing = missingVariables(['cluster', ...wanted]);
  const world = new LateWorld();
  const refusing = refusingVariable(wanted);
  if (missing.length > 0 && isRequired) {
    describe(`${endToEndPrefix}${title}`, () => {
      it('has what it needs', () => {
        throw new Error(`Not set, though SLIPWAY_E2E_REQUIRED is: ${missing.join(', ')}`);
      });
    });
  } else if (!isChosen || missing.length > 0 || refusing !== undefined) {
    const why = refusing !== undefined ? ` (${refusing} is false)` : isChosen ? ` (needs ${missing.join(', ')})` : '';
    describe.skip(`${endToEndPrefix}${title}${why}`, () => body(world));
  } else {
    describe(`${endToEndPrefix}${title}`, function () {
      this.timeout(300_000);
      before(async () => {
        world.current = await EndToEndRun.shared();
      });
      afterEach('leaves nothing in the cluster', () => world.run.afterTest());
      body(world);
    });
  }
}

class LateWorld implements EndToEndWorld {
  current: EndToEndRun | undefined;

  get run(): EndToEndRun {
    if (this.current === undefined) throw new Error('The end-to-end run begins with the first test.');
    return this.current;
  }
}

'use strict';
const { reporters } = require('mocha');

/** Mocha's own report, then what was left out and how to run it, then one line over all suites. */
module.exports = class ClosingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const leftOut = new Map();
    runner.on('pending', (test) => {
      const [suite] = test.titlePath();
      leftOut.set(suite, (leftOut.get(suite) ?? 0) + 1);
    });
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      if (pending > 0) {
        console.log('Left out:');
        for (const [suite, count] of leftOut) console.log(`  ${suite} (${count})`);
        if ([...leftOut.keys()].some((suite) => suite.startsWith('e2e:'))) {
          console.log('End-to-end tests (e2e) run where a cluster and a registry are named: see test/README.md.');
        }
        console.log();
      }
      console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
    });
  }
};

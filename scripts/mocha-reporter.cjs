'use strict';
const { reporters } = require('mocha');

const howToRunEndToEnd = `End-to-end tests (e2e) need a Kubernetes cluster, and a registry that its pods reach:
  SLIPWAY_E2E_CONTEXT=my-context SLIPWAY_E2E_REGISTRY=registry.example.com/me \\
  SLIPWAY_E2E_BASE_IMAGE=docker.io/library/busybox:1 npm test
All variables: test/README.md.`;

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
          console.log(howToRunEndToEnd);
        }
        console.log();
      }
      console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
    });
  }
};

import { expect } from 'chai';
import { Workspace } from './workspace.js';

export interface FailingCall {
  readonly title: string;
  readonly args: readonly string[];
  readonly code: string;
  /** What the message must have, beside the code. */
  readonly says: readonly string[];
}

/**
 * Tests that each of the calls ends with its code and leaves the store as it was. There are a stack `prod` of the registry
 * `reg`, a registry `here` on this machine, a builder `builder`, and a file `binary` that is no text.
 */
export function testFailingCalls(calls: readonly FailingCall[]): void {
  let workspace: Workspace;

  before(async () => {
    workspace = await Workspace.create();
    await workspace.file('binary', Uint8Array.of(0x66, 0xff, 0xfe));
    await workspace.setUp(
      ['container-registry', 'register', 'reg', '-f', 'default', '--uri=ghcr.io/acme'],
      ['container-registry', 'register', 'here', '-f', 'default', '--uri=localhost:5000'],
      ['image-builder', 'register', 'builder', '-f', 'kaniko', '--kubernetes_context=dev'],
      ['stack', 'register', 'prod', '-c', 'reg'],
    );
  });
  after(() => workspace.remove());

  for (const { title, args, code, says } of calls) {
    it(`ends with ${code} and leaves the store as it was: ${title}`, async () => {
      const before = await workspace.storeText();
      const result = await workspace.slipway(...args);
      expect(result.stderr).to.match(/^Error: /);
      expect(result.stderr).to.match(new RegExp(`\\nCode: ${code}\\n$`));
      for (const text of says) expect(result.stderr).to.include(text);
      expect(result.stderr).not.to.match(/\n\s+at /);
      expect(result.stdout).to.equal('');
      expect(result.exitCode).to.equal(2);
      expect(await workspace.storeText()).to.equal(before);
    });
  }
}

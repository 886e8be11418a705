import { expect } from 'chai';
import type { BuildEvent } from '@slipway/core';
import { BuildRenderer } from '../../src/output/build-renderer.js';

const upload: readonly BuildEvent[] = [
  { type: 'stage-started', stage: 'upload', title: 'Sending the build context' },
  { type: 'progress', stage: 'upload', bytes: 1_000_000, totalBytes: 2_000_000 },
  { type: 'progress', stage: 'upload', bytes: 2_000_000, totalBytes: 2_000_000 },
  { type: 'stage-ended', stage: 'upload', outcome: 'done', milliseconds: 500 },
];

function rendered(events: readonly BuildEvent[], terminal?: { columns: number }): string {
  let text = '';
  const stream = { isTTY: terminal !== undefined, columns: terminal?.columns, write: (more: string) => (text += more) };
  const renderer = new BuildRenderer(stream);
  for (const event of events) renderer.render(event);
  renderer.end();
  return text;
}

/** What a terminal would show in the end: a line begun anew replaces what was there. */
function onScreen(text: string): string {
  return text.replace(/[^\n]*\r\u001b\[K/g, '');
}

describe('The events of a build', () => {
  it('are plain lines where nobody watches', () => {
    expect(rendered(upload)).to.equal(
      'Sending the build context…\nSending the build context: done in 0.5 s, 2.0 MB at 4.0 MB/s\n',
    );
  });

  it('show the log indented, without control sequences', () => {
    expect(rendered([{ type: 'log', line: '\u001b[36mINFO\u001b[0m one\rtwo' }])).to.equal('  INFO one\n  two\n');
  });

  it('show what is waited for, warnings and failures', () => {
    expect(
      rendered([
        { type: 'stage-started', stage: 'start', title: 'Starting' },
        { type: 'waiting', stage: 'start', reason: 'Unschedulable', message: 'no node has room' },
        { type: 'warning', message: 'Old.', reason: 'It is.', fix: 'Renew it.' },
        { type: 'stage-ended', stage: 'start', outcome: 'failed', milliseconds: 61_000 },
      ]),
    ).to.equal(
      [
        'Starting…',
        'Waiting: no node has room (Unschedulable)',
        'Warning: Old.',
        'It is.',
        'Fix: Renew it.',
        'Starting: failed in 1 min 1 s',
        '',
      ].join('\n'),
    );
  });

  it('leave on a terminal the same lines but that of the start', () => {
    const text = rendered(upload, { columns: 80 });
    expect(text).to.include('Sending the build context…\r');
    expect(onScreen(text)).to.equal('Sending the build context: done in 0.5 s, 2.0 MB at 4.0 MB/s\n');
  });

  it('keep the line of the stage below the log on a terminal', () => {
    const text = rendered([upload[0]!, { type: 'log', line: 'a line' }], { columns: 80 });
    expect(text).to.equal('Sending the build context…\r\u001b[K  a line\nSending the build context…\r\u001b[K');
  });

  it('never wrap the line that changes', () => {
    const text = rendered([upload[0]!], { columns: 10 });
    expect(text).to.equal('Sending t\r\u001b[K');
  });
});

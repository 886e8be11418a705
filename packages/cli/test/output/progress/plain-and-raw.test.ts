import { expect } from 'chai';
import type { BuildEvent } from '@slipway/core';
import { buildProgress } from '../../../src/output/progress/build-progress.js';
import type { ProgressMode } from '../../../src/output/progress/progress-mode.js';

const upload: readonly BuildEvent[] = [
  { type: 'stage-started', stage: 'upload', title: 'Sending the build context' },
  { type: 'progress', stage: 'upload', bytes: 1_000_000, totalBytes: 2_000_000 },
  { type: 'progress', stage: 'upload', bytes: 2_000_000, totalBytes: 2_000_000 },
  { type: 'stage-ended', stage: 'upload', outcome: 'done', milliseconds: 500 },
];

async function shown(mode: ProgressMode, events: readonly BuildEvent[]): Promise<string> {
  let text = '';
  const progress = await buildProgress(mode, { write: (more: string) => (text += more) });
  for (const event of events) progress.show(event);
  progress.end();
  return text;
}

describe('Progress in plain lines', () => {
  it('has a line where a stage begins and one where it ends', async () => {
    expect(await shown('plain', upload)).to.equal(
      'Sending the build context…\nSending the build context: done in 0.5 s, 2.0 MB at 4.0 MB/s\n',
    );
  });

  it('shows the log indented, without control sequences, and whole', async () => {
    const step: BuildEvent = { type: 'step-started', step: 1, title: 'RUN x' };
    const log: BuildEvent = { type: 'log', line: '\u001b[36mINFO\u001b[0m one\rtwo' };
    expect(await shown('plain', [step, log])).to.equal('  INFO one\n  two\n');
  });

  it('shows what is waited for, warnings and failures', async () => {
    const events: readonly BuildEvent[] = [
      { type: 'stage-started', stage: 'start', title: 'Starting' },
      { type: 'waiting', stage: 'start', reason: 'Unschedulable', message: 'no node has room' },
      { type: 'warning', message: 'Old.', reason: 'It is.', fix: 'Renew it.' },
      { type: 'stage-ended', stage: 'start', outcome: 'failed', milliseconds: 61_000 },
    ];
    expect((await shown('plain', events)).split('\n')).to.deep.equal([
      'Starting…',
      'Waiting: no node has room (Unschedulable)',
      'Warning: Old.',
      'It is.',
      'Fix: Renew it.',
      'Starting: failed in 1 min 1 s',
      '',
    ]);
  });

  it('says of what was cancelled that it was', async () => {
    const ended = { type: 'stage-ended', stage: 'start', outcome: 'failed', milliseconds: 61_000 } as const;
    expect(await shown('plain', [{ ...ended, interruption: 'cancelled' }])).to.equal(
      'start: cancelled after 1 min 1 s\n',
    );
  });

  it('says which platform each line is about, where there are several', async () => {
    const events = [...upload.map((event) => ({ ...event, platform: 'linux/arm64' })), ...upload.slice(0, 1)];
    expect(await shown('plain', events)).to.equal(
      '[linux/arm64] Sending the build context…\n' +
        '[linux/arm64] Sending the build context: done in 0.5 s, 2.0 MB at 4.0 MB/s\n' +
        'Sending the build context…\n',
    );
  });
});

describe('Quiet progress', () => {
  it('shows warnings alone', async () => {
    expect(await shown('quiet', [...upload, { type: 'warning', message: 'Old.' }])).to.equal('Warning: Old.\n');
  });
});

describe('Progress for programs', () => {
  it('is one object a line: the event as it is, and when it was', async () => {
    const lines = (await shown('rawjson', [...upload, { type: 'log', line: '\u001b[1ma' }])).trimEnd().split('\n');
    const events = lines.map((line) => JSON.parse(line) as BuildEvent & { time: string });
    for (const { time } of events) expect(new Date(time).toISOString()).to.equal(time);
    expect(events.map((event) => ({ ...event, time: undefined }))).to.deep.equal(
      [...upload, { type: 'log', line: '\u001b[1ma' }].map((event) => ({ ...event, time: undefined })),
    );
  });
});

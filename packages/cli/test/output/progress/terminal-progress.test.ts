import xterm from '@xterm/headless';
import { expect } from 'chai';
import type { BuildEvent } from '@slipway/core';
import { TerminalProgress } from '../../../src/output/progress/terminal-progress.js';

/** A terminal, as a person has one. */
class Screen {
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly #resized = new Set<() => void>();
  readonly stream;

  constructor(columns = 60, rows = 12) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 5_000, allowProposedApi: true });
    const terminal = this.#terminal;
    const resized = this.#resized;
    this.stream = {
      isTTY: true,
      get columns() {
        return terminal.cols;
      },
      get rows() {
        return terminal.rows;
      },
      write: (text: string) => terminal.write(text.replaceAll('\n', '\r\n')),
      on: (_event: 'resize', listener: () => void) => resized.add(listener),
      off: (_event: 'resize', listener: () => void) => resized.delete(listener),
    };
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#written();
    this.#terminal.resize(columns, rows);
    for (const listener of this.#resized) listener();
  }

  /** Everything on the screen and above it, lines that wrapped made whole. */
  async lines(): Promise<string[]> {
    await this.#written();
    const { active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  #written(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }
}

function show(progress: TerminalProgress, ...events: readonly BuildEvent[]): void {
  for (const event of events) progress.show(event);
}

const building: BuildEvent = { type: 'stage-started', stage: 'build', title: 'Building the image' };
const built: BuildEvent = { type: 'stage-ended', stage: 'build', outcome: 'done', milliseconds: 61_000 };

function step(number: number, title: string, outcome?: 'done' | 'failed', cached = false): BuildEvent {
  if (outcome === undefined) return { type: 'step-started', step: number, title };
  return { type: 'step-ended', step: number, outcome, milliseconds: 1_500, cached };
}

function log(...lines: readonly string[]): readonly BuildEvent[] {
  return lines.map((line) => ({ type: 'log', line }));
}

const withoutMarks = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/, '*').replace(/\d\.\d s/, 'T'));

describe('Progress on a terminal', () => {
  it('leaves one line for each stage and step that ended well, and folds their log away', async () => {
    const screen = new Screen();
    const progress = new TerminalProgress(screen.stream);
    show(progress, building, step(1, 'RUN  make\n all'), ...log('one', 'two'), step(1, '', 'done'));
    show(progress, step(2, 'COPY . /app'), step(2, '', 'done', true), built);
    progress.end();
    expect(await screen.lines()).to.deep.equal([
      '  ✔ RUN make all  1.5 s',
      '  ✔ COPY . /app  cached',
      '✔ Building the image  1 min 1 s',
    ]);
  });

  it('shows what runs below, with the last lines logged', async () => {
    const screen = new Screen();
    const progress = new TerminalProgress(screen.stream);
    show(progress, building, step(1, 'RUN make'), ...log('1', '2', '3', '4', '5', '6'));
    // An event that stays is drawn at once, and the picture with it.
    show(progress, { type: 'warning', message: 'Old.' });
    expect(withoutMarks(await screen.lines())).to.deep.equal([
      'Warning: Old.',
      '* Building the image  T',
      '  * RUN make  T',
      '    2',
      '    3',
      '    4',
      '    5',
      '    6',
    ]);
    progress.end();
    expect(await screen.lines()).to.deep.equal(['Warning: Old.']);
  });

  it('leaves all that a failed step logged', async () => {
    const screen = new Screen();
    const progress = new TerminalProgress(screen.stream);
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
    show(progress, building, step(1, 'RUN make'), ...log(...lines), step(1, '', 'failed'));
    show(progress, { ...built, outcome: 'failed' });
    progress.end();
    expect(await screen.lines()).to.deep.equal([
      '  ✖ RUN make  1.5 s',
      ...lines.map((line) => `    ${line}`),
      '✖ Building the image  failed after 1 min 1 s',
    ]);
  });

  it('does not call failed what was cancelled, or is not followed any more', async () => {
    const screen = new Screen();
    const progress = new TerminalProgress(screen.stream);
    show(progress, building, { ...built, outcome: 'failed', interruption: 'cancelled' });
    show(progress, building, { ...built, outcome: 'failed', interruption: 'left' });
    progress.end();
    expect(await screen.lines()).to.deep.equal([
      '✖ Building the image  cancelled after 1 min 1 s',
      '✖ Building the image  not followed any more after 1 min 1 s',
    ]);
  });

  it('draws how far an upload is', async () => {
    const screen = new Screen(100);
    const progress = new TerminalProgress(screen.stream);
    show(progress, { type: 'stage-started', stage: 'upload', title: 'Sending' });
    show(progress, { type: 'progress', stage: 'upload', bytes: 75_000_000, totalBytes: 300_000_000 });
    show(progress, { type: 'warning', message: 'Old.' });
    const [, bar] = await screen.lines();
    expect(bar).to.match(
      /Sending {2}0\.\d s {2}\[█{6}░{18}\] {2}25% {2}75\.0 MB of 300\.0 MB {2}\S+ .B\/s {2}.* left$/,
    );
    progress.end();
  });

  it('says what is waited for, and what is noted beside', async () => {
    const screen = new Screen();
    const progress = new TerminalProgress(screen.stream);
    show(progress, building, { type: 'waiting', stage: 'build', reason: 'Unschedulable', message: 'no room' });
    progress.note('Cancelling…');
    progress.end();
    expect(await screen.lines()).to.deep.equal(['Waiting: no room (Unschedulable)', 'Cancelling…']);
  });

  it('shows several platforms at once', async () => {
    const screen = new Screen();
    const progress = new TerminalProgress(screen.stream);
    show(progress, { ...building, platform: 'linux/amd64' }, { ...building, platform: 'linux/arm64' });
    show(
      progress,
      { ...step(1, 'RUN a'), platform: 'linux/arm64' },
      { ...step(1, '', 'done'), platform: 'linux/arm64' },
      { type: 'waiting', stage: 'start', reason: 'Full', message: 'No room.', platform: 'linux/amd64' },
      { type: 'warning', message: 'Slow.', platform: 'linux/arm64' },
    );
    expect(withoutMarks(await screen.lines())).to.deep.equal([
      '  ✔ [linux/arm64] RUN a  T',
      '[linux/amd64] Waiting: No room. (Full)',
      '[linux/arm64] Warning: Slow.',
      '* [linux/amd64] Building the image  T',
      '* [linux/arm64] Building the image  T',
    ]);
    progress.end();
  });

  it('is safe from what a build prints', async () => {
    const screen = new Screen();
    const progress = new TerminalProgress(screen.stream);
    show(progress, building, step(1, 'RUN \u001b[2Jx'), ...log('\u001b[10Aup\u001b[2J'), step(1, '', 'failed'));
    progress.end();
    expect(await screen.lines()).to.deep.equal(['  ✖ RUN x  1.5 s', '    up']);
  });

  for (const [title, sizes] of [
    ['narrower', [[25, 12]]],
    ['wider', [[120, 12]]],
    ['lower', [[60, 4]]],
    [
      'all of it in turn',
      [
        [20, 5],
        [100, 30],
        [9, 3],
        [60, 12],
      ],
    ],
  ] as const) {
    it(`loses no line where the terminal gets ${title}`, async () => {
      const screen = new Screen();
      const progress = new TerminalProgress(screen.stream);
      const stays: string[] = [];
      show(progress, building);
      for (const [index, [columns, rows]] of [...sizes, [60, 12] as const].entries()) {
        for (const number of [1, 2, 3, 4, 5, 6].map((place) => 10 * index + place)) {
          const name = `RUN ${number} ${'x'.repeat(30)}`;
          show(progress, step(number, name), ...log('a'.repeat(50), 'b', 'c'));
          // What stays is drawn at once, and the picture of the step with it: so it is on the screen when the size changes.
          show(progress, { type: 'warning', message: `${number}.` });
          if (number % 10 === 4) await screen.resize(columns, rows);
          show(progress, step(number, '', 'done'));
          stays.push(`Warning: ${number}.`, `  ✔ ${name}  1.5 s`);
        }
      }
      show(progress, built);
      progress.end();
      const lines = await screen.lines();
      expect(lines.filter((line) => /✔|Warning/.test(line))).to.deep.equal([
        ...stays,
        '✔ Building the image  1 min 1 s',
      ]);
    });
  }
});

import type { BuildEvent } from '@slipway/core';
import type { Paint } from '../colour.js';
import { printable } from '../printable.js';
import { humanDuration } from '../quantities.js';
import type { BuildProgressView, ProgressStream } from './progress-view.js';
import { createdLine, transferred, unhappyEnd, waitingLines, warningLines } from './event-text.js';
import { LiveArea } from './live-area.js';
import { RunningStage } from './running-stage.js';

const redrawMilliseconds = 100;
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;

/**
 * For a person who watches: one line for each stage and step that ended, and below them what runs now, with its last lines. The log of a
 * step is folded away when it ends well; of one that fails all of it stays.
 */
export class TerminalProgress implements BuildProgressView {
  readonly #area: LiveArea;
  /** By platform; of a build for one platform, under the empty text. */
  readonly #stages = new Map<string, RunningStage>();
  #drawnAt = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #redraw = (): void => this.#draw([]);

  constructor(
    private readonly stream: ProgressStream,
    private readonly paint: Paint = (_style, text) => text,
  ) {
    this.#area = new LiveArea(stream);
    stream.on?.('resize', this.#redraw);
  }

  show(event: BuildEvent): void {
    const { platform = '' } = event;
    const now = performance.now();
    if (event.type === 'stage-started') {
      this.#stages.set(platform, new RunningStage(this.#title(event, event.title), now));
      this.#animate();
      return this.#draw([]);
    }
    const stage = this.#stages.get(platform);
    const lines = this.#lines(event, stage);
    stage?.take(event, now);
    if (event.type === 'stage-ended') this.#stages.delete(platform);
    // Many lines a second may be logged; a person sees ten of the pictures.
    const passing = lines.length === 0 && (event.type === 'progress' || event.type === 'log');
    if (!passing || now - this.#drawnAt >= redrawMilliseconds) this.#draw(lines);
  }

  note(text: string): void {
    this.#draw([text]);
  }

  end(): void {
    clearInterval(this.#timer);
    this.stream.off?.('resize', this.#redraw);
    this.#stages.clear();
    this.#area.update([], []);
  }

  /** What stays of an event. */
  #lines(event: BuildEvent, stage: RunningStage | undefined): readonly string[] {
    switch (event.type) {
      case 'stage-ended': {
        const title = stage?.title ?? this.#title(event, event.stage);
        const time = `${humanDuration(event.milliseconds)}${transferred(stage?.bytes, event.milliseconds)}`;
        if (event.outcome === 'done') return [`${this.paint('green', '✔')} ${title}  ${this.paint('dim', time)}`];
        const log = stage?.log().map((line) => `    ${line}`) ?? [];
        const mark = this.paint(event.interruption === undefined ? 'red' : 'yellow', '✖');
        return [...log, `${mark} ${title}  ${this.paint('dim', `${unhappyEnd(event)} after ${time}`)}`];
      }
      case 'step-ended': {
        const step = stage?.step(event.step);
        if (step === undefined) return [];
        const title = this.#title(event, step.title);
        const time = event.cached ? 'cached' : humanDuration(event.milliseconds);
        if (event.outcome === 'done') return [`  ${this.paint('green', '✔')} ${title}  ${this.paint('dim', time)}`];
        const log = stage?.log().map((line) => `    ${line}`) ?? [];
        return [`  ${this.paint('red', '✖')} ${title}  ${this.paint('dim', time)}`, ...log];
      }
      case 'build-created':
        return [this.paint('dim', createdLine(event))];
      case 'waiting':
        return waitingLines(event).map((line) => this.paint('yellow', this.#title(event, line)));
      case 'warning':
        return warningLines(event).map((line) => this.paint('yellow', this.#title(event, line)));
      case 'log':
        // Nothing that runs could show it.
        return stage === undefined ? [`  ${printable(event.line)}`] : [];
      default:
        return [];
    }
  }

  #title({ platform }: BuildEvent, title: string): string {
    return printable(platform === undefined ? title : `[${platform}] ${title}`);
  }

  #animate(): void {
    // The build keeps the process alive, not its picture.
    this.#timer ??= setInterval(this.#redraw, redrawMilliseconds).unref();
  }

  #draw(lines: readonly string[]): void {
    const now = performance.now();
    this.#drawnAt = now;
    const mark = spinner[Math.floor(now / redrawMilliseconds) % spinner.length] ?? spinner[0];
    const live = [...this.#stages.values()].flatMap((stage) => stage.live(mark, now));
    this.#area.update(lines, live);
  }
}

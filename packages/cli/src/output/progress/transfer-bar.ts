import { humanDuration, humanRate, humanSize } from '../quantities.js';

const width = 24;
// Rates change: the last seconds say more of the next ones than the whole time does.
const memoryMilliseconds = 3_000;

/** How far a transfer is, how fast it goes and how long it will take. */
export class TransferBar {
  readonly #seen: { at: number; bytes: number }[];

  /** @param startedAt as `performance.now()` has it, like all times here */
  constructor(private readonly startedAt: number) {
    this.#seen = [{ at: startedAt, bytes: 0 }];
  }

  progress(bytes: number, now: number): void {
    this.#seen.push({ at: now, bytes });
    while (this.#seen.length > 2 && now - (this.#seen[1]?.at ?? now) > memoryMilliseconds) this.#seen.shift();
  }

  /** `[████████░░░░]  45%  135.0 MB of 300.0 MB  50.0 MB/s  3.3 s left`; without a total, the bytes and the rate. */
  text(totalBytes: number | undefined, now: number): string {
    const bytes = this.#seen.at(-1)?.bytes ?? 0;
    const rate = this.#bytesPerMillisecond(now);
    const speed = rate > 0 ? humanRate(rate * 1000, 1000) : undefined;
    if (totalBytes === undefined || totalBytes <= 0) {
      return [humanSize(bytes), speed].filter((part) => part !== undefined).join('  ');
    }
    const share = Math.min(1, bytes / totalBytes);
    const full = Math.round(share * width);
    const bar = `[${'█'.repeat(full)}${'░'.repeat(width - full)}]`;
    const left = rate > 0 && share < 1 ? `${humanDuration((totalBytes - bytes) / rate)} left` : undefined;
    const percent = `${Math.floor(share * 100)}%`.padStart(4);
    const amount = `${humanSize(bytes)} of ${humanSize(totalBytes)}`;
    return [`${bar} ${percent}`, amount, speed, left].filter((part) => part !== undefined).join('  ');
  }

  #bytesPerMillisecond(now: number): number {
    const first = this.#seen[0] ?? { at: this.startedAt, bytes: 0 };
    const bytes = (this.#seen.at(-1)?.bytes ?? 0) - first.bytes;
    return now > first.at ? bytes / (now - first.at) : 0;
  }
}

import type { BuildEvent } from '@slipway/core';
import type { BuildProgressView, ProgressStream } from './progress-view.js';

/** One JSON object a line for each event, as it is, with the time of this machine: `{"time": "…Z", "type": "log", "line": "…"}`. */
export class RawProgress implements BuildProgressView {
  constructor(private readonly stream: ProgressStream) {}

  show(event: BuildEvent): void {
    this.#write(event);
  }

  note(text: string): void {
    this.#write({ type: 'note', message: text });
  }

  end(): void {}

  #write(value: object): void {
    this.stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...value })}\n`);
  }
}

import { Backoff } from './backoff.js';
import type { KubernetesConnection } from './kubernetes-connection.js';
import { ClusterUnreachableError } from './kubernetes-error.js';
import { lines } from './lines.js';

export interface PodLogOptions {
  readonly pod: string;
  readonly container: string;
  readonly signal: AbortSignal;
  /** Resolved when the container has ended: until then the end of a stream need not be the end of the log. */
  readonly ended: Promise<unknown>;
}

/**
 * The lines that a container printed and prints, each once, until it has ended; resumed where the stream drops.
 * @throws KubernetesApiError where the server refuses
 */
export async function* followPodLogs(
  connection: KubernetesConnection,
  { pod, container, signal, ended }: PodLogOptions,
): AsyncGenerator<string, void> {
  let hasEnded = false;
  const end = ended.then(
    () => (hasEnded = true),
    () => (hasEnded = true),
  );
  const position = new LogPosition();
  const backoff = new Backoff();
  for (;;) {
    const isLast = hasEnded;
    try {
      const { namespace } = connection.access;
      const stream = await connection.stream({
        method: 'GET',
        path: `/api/v1/namespaces/${namespace}/pods/${pod}/log`,
        query: { container, follow: !isLast, timestamps: true, sinceTime: position.sinceTime },
        what: `read logs of pods in namespace ${namespace}`,
        signal,
      });
      position.resume();
      for await (const line of lines(stream)) {
        backoff.reset();
        const text = position.next(line);
        if (text !== undefined) yield text;
      }
      // The log of a container that had ended before we asked has now been read to its end.
      if (isLast) return;
    } catch (error) {
      if (signal.aborted) return;
      const cut = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
      if (!cut && !(error instanceof ClusterUnreachableError)) throw error;
    }
    if (!hasEnded) await Promise.race([end, backoff.wait(signal).catch(() => undefined)]);
    if (signal.aborted) return;
  }
}

/**
 * Where we are in a log. A log can be resumed by the second only, so what was seen of that second is passed over: by its full
 * timestamp, and among lines of one timestamp by their number.
 */
class LogPosition {
  #last = '';
  #seenOfLast = 0;
  #toSkip = 0;

  get sinceTime(): string | undefined {
    return this.#last === '' ? undefined : `${this.#last.slice(0, 19)}Z`;
  }

  resume(): void {
    this.#toSkip = this.#seenOfLast;
  }

  /** The text of a line that was not seen yet. */
  next(line: string): string | undefined {
    const space = line.indexOf(' ');
    const time = comparable(space < 0 ? line : line.slice(0, space));
    if (time < this.#last) return undefined;
    if (time > this.#last) {
      this.#last = time;
      this.#seenOfLast = 0;
      this.#toSkip = 0;
    } else if (this.#toSkip > 0) {
      this.#toSkip--;
      return undefined;
    }
    this.#seenOfLast++;
    return space < 0 ? '' : line.slice(space + 1);
  }
}

// Kubelets print nanoseconds without trailing zeros: `…:05.12Z` is later than `…:05.1Z` and has to compare so.
function comparable(timestamp: string): string {
  const [, seconds = timestamp, fraction = ''] = /^([^.Z+]*)(?:\.(\d+))?/.exec(timestamp) ?? [];
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}

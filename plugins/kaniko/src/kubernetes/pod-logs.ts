import { errorCode, SlipwayError } from '@slipway/core';
import { Backoff } from './backoff.js';
import type { KubernetesConnection } from './kubernetes-connection.js';
import { ClusterUnreachableError, KubernetesApiError } from './kubernetes-error.js';
import { lines } from './lines.js';

export interface PodLogOptions {
  readonly pod: string;
  readonly container: string;
  readonly signal: AbortSignal;
  /** Resolved when the container has ended: until then the end of a stream need not be the end of the log. */
  readonly ended: Promise<unknown>;
  /** Whether to go on with what is printed from now on; true unless given. */
  readonly follow?: boolean;
  /** Only so many of the lines that are there already; all unless given. */
  readonly tail?: number | undefined;
}

/**
 * The lines that a container printed and prints, each once, until it has ended; resumed where the stream drops.
 * @throws KubernetesApiError where the server refuses
 */
export async function* followPodLogs(
  connection: KubernetesConnection,
  { pod, container, signal, ended, follow = true, tail }: PodLogOptions,
): AsyncGenerator<string, void> {
  let hasEnded = !follow;
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
        query: {
          container,
          follow: !isLast,
          timestamps: true,
          // A time that the log itself told: the clock of this machine may be another.
          sinceTime: position.sinceTime,
          tailLines: position.sinceTime === undefined ? tail : undefined,
        },
        what: `read logs of pods in namespace ${namespace}`,
        signal,
      });
      position.resume();
      // A link that is cut may look like one that has ended: then its last line is half of one, and comes again.
      for await (const line of lines(stream, { onlyWhole: !isLast })) {
        backoff.reset();
        const text = position.next(line);
        if (text !== undefined) yield text;
      }
      // The log of a container that had ended before we asked has now been read to its end.
      if (isLast) return;
    } catch (error) {
      if (signal.aborted) return;
      // The log goes with its pod, whose end others tell.
      if (KubernetesApiError.is(error) && error.status === 404) return;
      const isCut = error instanceof ClusterUnreachableError || (!SlipwayError.is(error) && errorCode(error));
      if (!isCut) throw error;
    }
    if (!hasEnded) await Promise.race([end, backoff.wait(signal).catch(() => undefined)]);
    if (signal.aborted) return;
  }
}

/**
 * Where we are in a log. A log can be resumed by the second only, so the lines of that second come again and are passed over, each
 * as often as it was seen. Not by what is later than what: the two streams of a container may overtake each other a little.
 */
class LogPosition {
  #second = '';
  readonly #seen = new Map<string, number>();
  #again = new Map<string, number>();

  get sinceTime(): string | undefined {
    return this.#second === '' ? undefined : `${this.#second}Z`;
  }

  resume(): void {
    this.#again = new Map(this.#seen);
  }

  /** The text of a line that was not seen yet. */
  next(line: string): string | undefined {
    // A node that has already removed the log says so without a time.
    if (line.startsWith('unable to retrieve container logs')) return undefined;
    const space = line.indexOf(' ');
    const time = space < 0 ? line : line.slice(0, space);
    const again = this.#again.get(time) ?? 0;
    if (again > 0) {
      this.#again.set(time, again - 1);
      return undefined;
    }
    const second = time.slice(0, 19);
    if (second > this.#second) {
      this.#second = second;
      this.#seen.clear();
    }
    if (second === this.#second) this.#seen.set(time, (this.#seen.get(time) ?? 0) + 1);
    return space < 0 ? '' : line.slice(space + 1);
  }
}

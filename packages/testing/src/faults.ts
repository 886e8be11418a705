import type { Status } from './status.js';

/** Which requests a fault meets, and how often. */
export interface RequestMatch {
  /** HTTP method; every one unless given. A WebSocket upgrade is a GET. */
  readonly method?: string;
  /** Tested against path and query as sent, e.g. `/\/pods$/` or `/watch=/`; every one unless given. */
  readonly path?: RegExp;
  /** How many requests it meets before it is used up; 1 unless given. */
  readonly times?: number;
}

export interface AnswerFault extends RequestMatch {
  /** HTTP status code of the answer. */
  readonly code: number;
  /** Message of the Status; one that fits the code unless given. */
  readonly message?: string;
  /** The body instead of a Status made from code and message. */
  readonly body?: Status | Record<string, unknown>;
  /** Seconds, sent as `Retry-After` and in the Status's details. */
  readonly retryAfter?: number;
}

export interface WatchFault {
  /** How many events (bookmarks not counted) the watch delivers first; 0 unless given. */
  readonly afterEvents?: number;
  /** Which watches, by path and query; every one unless given. */
  readonly path?: RegExp;
  readonly times?: number;
}

/** A fault that was asked for: tells how often it has met its target. */
export interface Fault {
  readonly used: number;
}

export type RequestFault =
  | ({ readonly kind: 'answer' } & AnswerFault)
  | ({ readonly kind: 'reset' } & RequestMatch)
  | ({ readonly kind: 'lose' } & RequestMatch)
  | ({ readonly kind: 'hang' } & RequestMatch);

export interface AttachFaults {
  readonly cutAfterBytes: number | undefined;
  readonly withoutStatus: boolean;
  readonly onlyV4: boolean;
}

export type StreamEnd = { readonly kind: 'expire' | 'drop'; readonly after: number };

class Counted<T extends { readonly path?: RegExp; readonly times?: number }> implements Fault {
  used = 0;

  constructor(readonly what: T) {}

  /** Whether it meets this request; counts it if so. */
  take(path: string): boolean {
    if (this.used >= (this.what.times ?? 1)) return false;
    // A fresh expression, because one with the g flag keeps a position between tests.
    if (this.what.path !== undefined && path.search(this.what.path) < 0) return false;
    this.used += 1;
    return true;
  }
}

/** What the server is to do wrong. Faults of different kinds combine; of one kind, the first asked for is used up first. */
export class Faults {
  private requests: Counted<RequestFault>[] = [];
  private cuts: Counted<{ afterBytes: number; times?: number }>[] = [];
  private silentEnds: Counted<{ times?: number }>[] = [];
  private v4Only: Counted<{ times?: number }>[] = [];
  private watches: Counted<WatchFault & { kind: StreamEnd['kind'] }>[] = [];
  private logs: Counted<{ afterLines: number; times?: number }>[] = [];

  /** Answers with this code and a Status in place of what was asked for; refuses an upgrade the same way. */
  answer(fault: AnswerFault): Fault {
    return add(this.requests, { kind: 'answer', ...fault });
  }

  /** Resets the TCP connection in place of an answer; nothing that was asked for is done. */
  reset(match: RequestMatch = {}): Fault {
    return add(this.requests, { kind: 'reset', ...match });
  }

  /** Does what was asked for, and resets the TCP connection in place of the answer. An upgrade is only reset. */
  loseAnswer(match: RequestMatch = {}): Fault {
    return add(this.requests, { kind: 'lose', ...match });
  }

  /** Never answers, and keeps the connection open. */
  hang(match: RequestMatch = {}): Fault {
    return add(this.requests, { kind: 'hang', ...match });
  }

  /** Destroys an attach connection when this many bytes of standard input have arrived over it. */
  cutAttach(fault: { readonly afterBytes: number; readonly times?: number }): Fault {
    return add(this.cuts, fault);
  }

  /** Ends an attach with close code 1000 as usual, but without a Status on channel 3. */
  endAttachWithoutStatus(fault: { readonly times?: number } = {}): Fault {
    return add(this.silentEnds, fault);
  }

  /** Speaks `v4.channel.k8s.io` at most, as API servers before Kubernetes 1.30: standard input cannot be half-closed. */
  offerOnlyV4(fault: { readonly times?: number } = {}): Fault {
    return add(this.v4Only, fault);
  }

  /** Sends an `ERROR` event with a 410 Expired Status, and ends the watch. */
  expireWatch(fault: WatchFault = {}): Fault {
    return add(this.watches, { kind: 'expire', ...fault });
  }

  /** Destroys the connection of a watch. */
  dropWatch(fault: WatchFault = {}): Fault {
    return add(this.watches, { kind: 'drop', ...fault });
  }

  /** Destroys the connection of a log stream after this many lines. */
  dropLog(fault: { readonly afterLines: number; readonly times?: number }): Fault {
    return add(this.logs, fault);
  }

  /** Forgets every fault that is not used up. */
  clear(): void {
    this.requests = [];
    this.cuts = [];
    this.silentEnds = [];
    this.v4Only = [];
    this.watches = [];
    this.logs = [];
  }

  /** @internal */
  takeRequest(method: string, path: string): RequestFault | undefined {
    return this.requests.find((fault) => (fault.what.method ?? method).toUpperCase() === method && fault.take(path))
      ?.what;
  }

  /** @internal */
  takeAttach(): AttachFaults {
    return {
      cutAfterBytes: takeFrom(this.cuts)?.afterBytes,
      withoutStatus: takeFrom(this.silentEnds) !== undefined,
      onlyV4: takeFrom(this.v4Only) !== undefined,
    };
  }

  /** @internal */
  takeWatch(path: string): StreamEnd | undefined {
    const fault = takeFrom(this.watches, path);
    return fault && { kind: fault.kind, after: fault.afterEvents ?? 0 };
  }

  /** @internal */
  takeLog(): number | undefined {
    return takeFrom(this.logs)?.afterLines;
  }
}

function add<T extends { readonly path?: RegExp; readonly times?: number }>(list: Counted<T>[], what: T): Fault {
  const fault = new Counted(what);
  list.push(fault);
  return fault;
}

function takeFrom<T extends { readonly path?: RegExp; readonly times?: number }>(
  list: Counted<T>[],
  path = '',
): T | undefined {
  return list.find((fault) => fault.take(path))?.what;
}

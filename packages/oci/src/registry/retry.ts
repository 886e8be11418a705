import { setTimeout as wait } from 'node:timers/promises';

import { discard, type HttpResponse } from './http-response.js';

export const maximumRetries = 3;
const firstDelayMs = 200;
/** Who is to wait longer than this is better told so. */
export const longestWaitMs = 30_000;

/**
 * Runs a request that changes nothing again while the other side is busy (429, 502, 503, 504) or drops the connection, after a
 * growing random delay or the one asked for by `Retry-After`. What the last attempt gave is given back.
 */
export async function withRetries(attempt: () => Promise<HttpResponse>, signal?: AbortSignal): Promise<HttpResponse> {
  for (let retries = 0; ; retries += 1) {
    let delay = delayMs(retries);
    try {
      const response = await attempt();
      delay = retryAfterMs(response) ?? delay;
      if (!isBusy(response.status) || retries === maximumRetries || delay > longestWaitMs) return response;
      discard(response);
    } catch (error) {
      if (retries === maximumRetries || !isDropped(error)) throw error;
    }
    await wait(delay, undefined, signal === undefined ? {} : { signal });
  }
}

/** A delay that grows with each retry, and differs between those who failed at the same time. */
export function delayMs(retries: number): number {
  return firstDelayMs * 2 ** retries * (0.5 + Math.random());
}

export function isBusy(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

function isDropped(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** Milliseconds that the answer asks to wait: a number of seconds, or a date. */
export function retryAfterMs(response: HttpResponse): number | undefined {
  const value = response.headers['retry-after'];
  if (value === undefined) return undefined;
  const delay = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(delay) ? undefined : Math.max(0, delay);
}

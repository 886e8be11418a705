import { SlipwayError } from '@slipway/core';

import { parseChallenges } from './challenge.js';
import { readBody, type HttpResponse } from './http-response.js';
import { retryAfterMs } from './retry.js';

const maximumErrorBytes = 64 * 1024;

export interface Refusal {
  readonly response: HttpResponse;
  /** What was asked for, as in "does not allow `what`". */
  readonly what: string;
  /** True where the registry was told no credentials. */
  readonly isAnonymous: boolean;
  /** Takes credentials out of the other side's words. */
  readonly redact: (text: string) => string;
}

/** Reads an answer that is not the one asked for and says what it means. */
export async function refusal({ response, what, isAnonymous, redact }: Refusal): Promise<SlipwayError> {
  const text = await textOf(response);
  const said = redact(wordsOf(response, text));
  const host = response.url.host;
  const quoted = said === '' ? '' : ` and says: ${said}`;
  const answer = `${host} answers with status ${response.status}${quoted}`;
  if (response.status === 401 && (isAnonymous || !lacksScope(response))) {
    return unauthorized(host, isAnonymous ? answer : `${answer}, asked with the user name and password`);
  }
  if (response.status === 401 || response.status === 403) {
    return new SlipwayError({
      code: 'REGISTRY_DENIED',
      message: `The registry ${host} does not allow ${what}.`,
      reason: `${answer}.`,
      fix: 'Ask the owner of the repository for the right to it, or use other credentials in the container registry.',
    });
  }
  // Servers for HTTPS say so in words of their own to who speaks plain HTTP to them.
  if (response.status === 400 && /HTTP request.*to (?:an )?HTTPS/i.test(text)) {
    return new SlipwayError({
      code: 'REGISTRY_FAILED',
      message: `The registry ${host} speaks HTTPS, not plain HTTP.`,
      reason: `${answer}.`,
      fix: 'slipway container-registry update REGISTRY --insecure=false',
    });
  }
  return new SlipwayError({
    code: 'REGISTRY_FAILED',
    message: `The registry ${host} failed at ${what}.`,
    reason: `${answer}.`,
    fix: waitAdvice(response),
  });
}

/** The registry wants to know who asks, and is not content with what it was told, if anything. */
export function unauthorized(host: string, reason: string): SlipwayError {
  return new SlipwayError({
    code: 'REGISTRY_UNAUTHORIZED',
    message: `The registry ${host} refuses access.`,
    reason: `${reason}.`,
    fix: 'slipway container-registry update REGISTRY --username=NAME --password=@password.txt',
  });
}

/** True where the registry knows who asks, and that what they have is not enough. */
function lacksScope(response: HttpResponse): boolean {
  const challenges = parseChallenges(response.headers['www-authenticate'] ?? '');
  return challenges.some(({ parameters }) => parameters.get('error') === 'insufficient_scope');
}

function waitAdvice(response: HttpResponse): string {
  const seconds = Math.ceil((retryAfterMs(response) ?? 0) / 1000);
  if (seconds > 0) return `Try again in ${seconds} s.`;
  if (response.status === 405) return 'Ask who runs the registry to allow it.';
  return response.status >= 500 || response.status === 429
    ? 'Try again later; if it stays, ask who runs the registry.'
    : 'Check that the uri of the container registry names a registry.';
}

async function textOf(response: HttpResponse): Promise<string> {
  const body = await readBody(response, maximumErrorBytes).catch(() => undefined);
  return body?.toString('utf8') ?? '';
}

/** What registries put into `errors`, or else the beginning of plain text; without anything that could steer a terminal. */
function wordsOf(response: HttpResponse, text: string): string {
  const isPlain = (response.headers['content-type'] ?? 'text/plain').startsWith('text/plain');
  const words = messagesIn(text) ?? (isPlain ? text : '');
  return words
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .replace(/\.$/, '');
}

function messagesIn(text: string): string | undefined {
  try {
    const { errors } = JSON.parse(text) as { errors?: { code?: unknown; message?: unknown }[] };
    const messages = errors?.map(({ code, message }) =>
      [code, message].filter((part) => typeof part === 'string').join(': '),
    );
    return messages?.join('; ');
  } catch {
    return undefined;
  }
}

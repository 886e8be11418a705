import { setTimeout as wait } from 'node:timers/promises';

import { SlipwayError } from '@slipway/core';

import type { Descriptor } from '../content/descriptor.js';
import { connectionProblem } from './connection-problem.js';
import { discard, type HttpResponse } from './http-response.js';
import type { RegistryRequest, RegistrySession } from './registry-session.js';
import { delayMs, maximumRetries } from './retry.js';
import { skipBytes } from './skip-bytes.js';

/** What was promised did not come to its end. */
class CutBody extends Error {
  readonly code = 'ERR_STREAM_PREMATURE_CLOSE';
}

/**
 * The bytes of a blob, unchecked. Where the connection breaks in the middle, they go on from there: by a range where the server
 * knows ranges, else from the start with what was already given left out.
 *
 * @param request the GET of the blob
 * @param repository with its registry, for errors to speak of
 * @throws SlipwayError `REGISTRY_FAILED` where the blob is not there
 */
export async function* downloadBlob(
  session: RegistrySession,
  request: RegistryRequest,
  descriptor: Descriptor,
  repository: string,
): AsyncGenerator<Buffer, void, undefined> {
  const { signal } = request;
  let offset = 0;
  for (let retries = 0; ; retries += 1) {
    const response = await session.request(offset === 0 ? request : withRange(request, offset));
    const body = await bodyFrom(session, response, offset, descriptor, repository);
    try {
      for await (const chunk of body) {
        offset += chunk.length;
        yield chunk;
      }
      if (offset >= descriptor.size || retries === maximumRetries) return;
      throw new CutBody('the answer ended early');
    } catch (error) {
      signal?.throwIfAborted();
      if (retries === maximumRetries || !isBroken(error)) throw connectionProblem(error, response.url);
    }
    await wait(delayMs(retries), undefined, signal === undefined ? {} : { signal });
  }
}

async function bodyFrom(
  session: RegistrySession,
  response: HttpResponse,
  offset: number,
  descriptor: Descriptor,
  repository: string,
): Promise<AsyncIterable<Buffer>> {
  const body = response.body as AsyncIterable<Buffer>;
  if (response.status === 206 && response.headers['content-range']?.startsWith(`bytes ${offset}-`)) return body;
  if (response.status === 200) return skipBytes(body, offset);
  if (response.status !== 404) throw await session.refusal(response, `reading the blob ${descriptor.digest}`);
  discard(response);
  throw new SlipwayError({
    code: 'REGISTRY_FAILED',
    message: `The repository ${repository} lacks the blob ${descriptor.digest}.`,
    reason: 'An image points to it, but its content was never written, or was deleted.',
    fix: 'Write the image again, or use another one.',
  });
}

function withRange(request: RegistryRequest, offset: number): RegistryRequest {
  return { ...request, headers: { ...request.headers, range: `bytes=${offset}-` } };
}

function isBroken(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ETIMEDOUT' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

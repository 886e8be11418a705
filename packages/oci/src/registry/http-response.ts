import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { HttpRequest } from './http-connections.js';

/** The head of an answer, and its body still to be read. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
  /** False where it is one that has no body, whatever it says: the answer to a HEAD. */
  readonly hasBody: boolean;
  readonly body: Readable;
}

export function toHttpResponse(message: IncomingMessage, { method, url }: HttpRequest): HttpResponse {
  const { statusCode: status = 0, headers } = message;
  return { status, headers, url, hasBody: method !== 'HEAD', body: message };
}

/** Reads what nobody wants to see, so that the connection can serve the next request. */
export function discard(response: HttpResponse): void {
  response.body.on('error', () => undefined);
  response.body.resume();
}

/** The whole body, or undefined where it is longer than `limit` bytes. */
export async function readBody(response: HttpResponse, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop destroys the stream, and with it a connection that would go on for who knows how long.
    if (length > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import type { ClientRequest } from 'node:http';

/** What a request sends; asked for anew each time that the request has to be sent again. */
export interface RequestBody {
  /** In bytes; without it the body is sent as it comes, in HTTP's chunked encoding. */
  readonly length?: number;
  readonly content: () => AsyncIterable<Buffer>;
}

/** The content itself could not be had, as its `cause` says: nothing that the other side could help. */
export class RequestBodyError extends Error {
  constructor(cause: unknown) {
    super('The content of the request could not be read.', { cause });
  }
}

/** Large enough to cost no time, small enough that a slow connection shows progress before it counts as dead. */
const pieceBytes = 256 * 1024;

/**
 * Writes the content no faster than the connection takes it, until it ends or an answer comes that does not wait for the rest.
 *
 * @param waits told whether the next step is up to the content (true) or to the connection (false)
 */
export async function writeBody(
  outgoing: ClientRequest,
  { content }: RequestBody,
  waits: (forContent: boolean) => void,
): Promise<void> {
  let isAnswered = false;
  outgoing.once('response', () => {
    isAnswered = true;
  });
  try {
    waits(true);
    for await (const chunk of content()) {
      for (let start = 0; start < chunk.length; start += pieceBytes) {
        if (isAnswered || outgoing.destroyed) return;
        waits(false);
        if (!outgoing.write(chunk.subarray(start, start + pieceBytes))) await nextStep(outgoing);
      }
      waits(true);
    }
    if (isAnswered || outgoing.destroyed) return;
    waits(false);
    outgoing.end();
  } catch (error) {
    outgoing.destroy(new RequestBodyError(error));
  }
}

function nextStep(outgoing: ClientRequest): Promise<void> {
  const events = ['drain', 'response', 'close'];
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) outgoing.off(event, done);
      resolve();
    };
    for (const event of events) outgoing.once(event, done);
    // What was closed before anybody listened does not say so again.
    if (outgoing.destroyed) done();
  });
}

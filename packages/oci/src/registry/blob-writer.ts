import { setTimeout as wait } from 'node:timers/promises';

import { SlipwayError } from '@slipway/core';

import { BlobUpload, BrokenTransfer, type UploadTarget } from './blob-upload.js';
import { RequestBodyError } from './request-body.js';
import { LostContent } from './rewindable-content.js';
import { delayMs, maximumRetries } from './retry.js';

/** What is to be uploaded. */
export interface UploadContent {
  /** In bytes; undefined while it is not known. */
  readonly size: number | undefined;
  /** Known where the size is. */
  readonly digest: string | undefined;
  /** What comes from this byte on. May throw LostContent while it is read. */
  from(offset: number): AsyncIterable<Buffer>;
}

/** What is not larger than this is sent with a length, in the request that ends the upload: one request less. */
export const smallBlobBytes = 1024 * 1024;

/**
 * Sends the content, going on where a broken transfer stopped, or from the start where the registry lost it.
 *
 * @param isWritten asks whether the blob is there after all, as when only the last answer was lost
 * @throws SlipwayError `UPLOAD_FAILED`, and what the content throws
 */
export async function uploadBlob(
  target: UploadTarget,
  content: UploadContent,
  isWritten: (digest: string) => Promise<boolean>,
): Promise<void> {
  let upload: BlobUpload | undefined;
  for (let retries = 0; ; retries += 1) {
    try {
      if (upload !== undefined && !(await upload.resume())) {
        upload = undefined;
        if (content.digest !== undefined && (await isWritten(content.digest))) return;
      }
      upload ??= await BlobUpload.start(target);
      await send(upload, content);
      return;
    } catch (error) {
      if (retries === maximumRetries || !isBroken(error)) {
        await upload?.cancel();
        throw finalError(error, target);
      }
      const { signal } = target;
      const delay = error instanceof BrokenTransfer ? error.delayMs : undefined;
      await wait(delay ?? delayMs(retries), undefined, signal === undefined ? {} : { signal }).catch(async (reason) => {
        await upload?.cancel();
        signal?.throwIfAborted();
        throw reason;
      });
    }
  }
}

async function send(upload: BlobUpload, content: UploadContent): Promise<void> {
  const { offset } = upload;
  const from = (): AsyncIterable<Buffer> => content.from(offset);
  const { size, digest } = content;
  if (size !== undefined && digest !== undefined && size <= smallBlobBytes) {
    return upload.complete(digest, { length: size - offset, content: from });
  }
  if (size === undefined || offset < size) await upload.append(from);
  if (content.digest === undefined) throw new Error('The content was sent without having been read to its end.');
  await upload.complete(content.digest);
}

function isBroken(error: unknown): boolean {
  return error instanceof BrokenTransfer || (SlipwayError.is(error) && error.code === 'REGISTRY_UNREACHABLE');
}

function finalError(error: unknown, { session, repository }: UploadTarget): unknown {
  const isLost = error instanceof RequestBodyError && error.cause instanceof LostContent;
  if (error instanceof RequestBodyError && !isLost) return error.cause;
  if (!isBroken(error) && !isLost) return error;
  const cause = error instanceof BrokenTransfer ? error.cause : error;
  const lost = 'The transfer broke off, and the registry kept too little of it to go on.';
  return new SlipwayError({
    code: 'UPLOAD_FAILED',
    message: `A blob could not be written to ${session.host}/${repository}.`,
    reason: SlipwayError.is(cause) ? `${cause.message} ${cause.reason ?? ''}`.trim() : lost,
    fix: 'Try again: what is there already is not sent again.',
    cause,
  });
}

import { constants } from 'node:fs';
import { access, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type BuildResult, SlipwayError, UsageError } from '@slipway/core';

/** Where the result of a build goes beside standard output. */
export interface ResultFiles {
  /** @throws SlipwayError `RESULT_NOT_WRITTEN`, with the digest: the image is there all the same */
  write(result: BuildResult): Promise<void>;
}

/**
 * Checked before the build, which may take long; what an earlier build wrote goes, so that nobody takes it for this one's.
 * @throws UsageError `RESULT_FILE_UNWRITABLE`
 */
export async function resultFiles(paths: {
  readonly iidfile: string | undefined;
  readonly metadataFile: string | undefined;
}): Promise<ResultFiles> {
  const contents: readonly (readonly [string | undefined, (result: BuildResult) => string])[] = [
    [paths.iidfile, ({ digest }) => digest],
    [paths.metadataFile, (result) => `${JSON.stringify(metadata(result), null, 2)}\n`],
  ];
  for (const [path] of contents) if (path !== undefined) await prepare(path);
  return {
    async write(result) {
      for (const [path, content] of contents) if (path !== undefined) await replace(path, content(result), result);
    },
  };
}

/** Names as buildx has them where it has them; more may be added. */
function metadata({ buildId, digest, images, timings }: BuildResult): object {
  return {
    'containerimage.digest': digest,
    'image.name': images.map(({ tag }) => tag).join(','),
    'slipway.build.id': buildId,
    'slipway.images': images,
    'slipway.timings': timings,
  };
}

async function prepare(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory()) throw new Error('It is a folder');
    if (there?.isFile()) await rm(path);
  } catch (error) {
    throw new UsageError({
      code: 'RESULT_FILE_UNWRITABLE',
      message: `'${path}' cannot be written.`,
      reason: `${(error as Error).message}.`,
      fix: 'Name a file in a folder that is there and that you may write to.',
      cause: error,
    });
  }
}

/** Whoever waits for the file finds it whole. */
async function replace(path: string, content: string, { digest }: BuildResult): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    const there = await stat(path).catch(() => undefined);
    // A pipe or a device, such as /dev/stderr, is written to and not replaced.
    if (there !== undefined && !there.isFile()) return await writeFile(path, content);
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw new SlipwayError({
      code: 'RESULT_NOT_WRITTEN',
      message: `The image was built (${digest}), but '${path}' could not be written.`,
      reason: `${(error as Error).message}.`,
      cause: error,
    });
  }
}

import { type ArtifactStore, type BuildContext, type BuildStages, compress, SlipwayError } from '@slipway/core';

const progressEveryMilliseconds = 100;

/** The context as the executor takes it, a gzipped tar; reports how much of it is packed as it is read. */
export function packedContext(
  context: BuildContext,
  stages: BuildStages,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const { totalBytes } = context;
  let reported = 0;
  const onBytes = (bytes: number): void => {
    const now = performance.now();
    if (bytes < totalBytes && now - reported < progressEveryMilliseconds) return;
    reported = now;
    stages.report({ type: 'progress', stage: 'upload', bytes, totalBytes });
  };
  return compress(context.tar({ signal, onBytes }));
}

/** Where a build's context lies in an artifact store. */
export function contextKey(buildId: string): string {
  return `kaniko-build-contexts/${buildId}.tar.gz`;
}

/**
 * Hands the context over through the artifact store.
 * @returns the address under which the executor finds it
 */
export async function storeContext(
  store: ArtifactStore,
  buildId: string,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await store.put(contextKey(buildId), content, { signal });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    // A file of the context that cannot be read is no failure of the store.
    if (SlipwayError.is(error) && error.code.startsWith('CONTEXT_')) throw error;
    throw new SlipwayError({
      code: 'CONTEXT_NOT_STORED',
      message: `The build context could not be written to the artifact store '${store.info.name}'.`,
      reason: error instanceof Error ? error.message : String(error),
      fix: 'Check that you may write there, or send it directly: slipway image-builder update NAME --store_context_in_artifact_store=false',
      cause: error,
    });
  }
}

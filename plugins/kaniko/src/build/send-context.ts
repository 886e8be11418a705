import type { BuildContext, BuildStages } from '@slipway/core';
import { attachStdin } from '../kubernetes/attach-stdin.js';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { executorContainer } from '../manifest/build-names.js';
import { after } from './after.js';
import type { ExecutorRun } from './executor-run.js';
import { packedContext } from './upload-context.js';

export interface SendContextInput {
  readonly connection: KubernetesConnection;
  readonly pod: string;
  readonly context: BuildContext;
  readonly stages: BuildStages;
  readonly run: ExecutorRun;
  readonly signal: AbortSignal;
}

// A container that ended by itself is reported so within a second or so.
const endSeenMilliseconds = 3_000;

/**
 * Writes the context to the executor's standard input. Returns also where the executor ended before it had everything: what it has to say
 * is the better error.
 * @throws those of `attachStdin` where nothing else explains them
 */
export async function sendContext({
  connection,
  pod,
  context,
  stages,
  run,
  signal,
}: SendContextInput): Promise<boolean> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const source = packedContext(context, stages, either);
  const sent = attachStdin(connection, source, { pod, container: executorContainer, signal: either }).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  try {
    // An executor that ends before it has everything has something to say; it is not kept waiting.
    const first = await Promise.race([sent, run.ended]);
    if (first === undefined) return true;
    // A link that was not allowed says nothing of the executor, which still waits for its input.
    if ('error' in first && KubernetesApiError.is(first.error) && first.error.status === 403) throw first.error;
    // Where the pod itself was lost, that is what cut the link, and is thrown here.
    const end = await Promise.race([run.ended, after(endSeenMilliseconds)]);
    if (end !== undefined) {
      await run.drained();
      if (!run.log.lines.some((line) => /unexpected EOF|source context: EOF/.test(line))) return false;
    }
    // Of a link that was cut the executor sees only the early end of its input: then the cut is what happened.
    const cut = await Promise.race([sent, after(endSeenMilliseconds)]);
    if (cut !== undefined) throw cut.error;
    return false;
  } finally {
    stop.abort();
    await sent;
  }
}

/**
 * Does the same for all items, several at a time. The first failure aborts the others, and is thrown when all have come to rest.
 * @param atOnce how many at a time
 */
export async function inParallel<Item>(
  items: Iterable<Item>,
  atOnce: number,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failure = new AbortController();
  const both = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  const waiting = [...items].values();
  async function worker(): Promise<void> {
    for (const item of waiting) {
      if (both.aborted) return;
      try {
        await work(item, both);
      } catch (error) {
        failure.abort(error);
        return;
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
  both.throwIfAborted();
}

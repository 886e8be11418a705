import type { ImageReference } from '@slipway/oci';

/** What the executor's log says of images that it pushed: `INFO[0001] Pushed registry/repository@sha256:…`, a line for each destination. */
export class PushedImages {
  readonly #lines: { readonly name: string; readonly digest: string }[] = [];

  /** Takes the next line of the log, without colours. */
  line(line: string): void {
    const said = /^INFO\[\d+\] Pushed (\S+)@(sha256:[0-9a-f]{64})\s*$/.exec(line);
    if (said?.[1] !== undefined && said[2] !== undefined) this.#lines.push({ name: said[1], digest: said[2] });
  }

  /** The digest under which every one of the tags was pushed; undefined while one is missing, or where they differ. */
  digest(tags: readonly ImageReference[]): string | undefined {
    const names = new Set(tags.map(({ name }) => name));
    const pushed = this.#lines.filter(({ name }) => names.has(name));
    const digests = new Set(pushed.map(({ digest }) => digest));
    return pushed.length >= tags.length && digests.size === 1 ? [...digests][0] : undefined;
  }
}

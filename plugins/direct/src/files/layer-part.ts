import type { TarEntryHeader } from '@slipway/core';
import type { LayerEntry } from './layer-entries.js';

const largestStretch = 1024 * 1024;

/** What is packed at once: a piece of a segment's archive. Plain data, which another thread can be given. */
export interface LayerPart {
  readonly entries: readonly PartEntry[];
  /** Of the content of the only entry, in bytes; its header stands before the first and its padding behind the last. Undefined where all is meant. */
  readonly stretch?: { readonly start: number; readonly end: number };
}

export interface PartEntry {
  readonly header: TarEntryHeader;
  /** None of what is no file, and of a second name. */
  readonly content?: PlaceOnDisk | Uint8Array | undefined;
}

export interface PlaceOnDisk {
  /** An absolute path. */
  readonly root: string;
  /** Relative to the root; errors name it. */
  readonly path: string;
  /** Where in the file it begins, in bytes. */
  readonly offset: number;
}

/** The parts of a segment, in their order. A large file, which is alone in its segment, is cut: several threads may then share it. */
export function* partsOf(entries: readonly LayerEntry[]): Generator<LayerPart, void, undefined> {
  const [first, ...others] = entries;
  const size = first?.header.size ?? 0;
  if (others.length > 0 || size <= largestStretch) {
    yield { entries: entries.map(partEntry) };
    return;
  }
  const whole = entries.map(partEntry);
  for (let start = 0; start < size; start += largestStretch) {
    yield { entries: whole, stretch: { start, end: Math.min(size, start + largestStretch) } };
  }
}

function partEntry({ header, file }: LayerEntry): PartEntry {
  const { path, kind, mode, uid, gid, size, target } = header;
  return { header: { path, kind, mode, uid, gid, size, target }, content: contentOf(file) };
}

function contentOf(file: LayerEntry['file']): PartEntry['content'] {
  const content = file?.content;
  if (content === undefined) return undefined;
  if (content.kind === 'blob') throw new Error(`Nobody fetched the content of ${file?.path ?? ''}.`);
  return content.kind === 'bytes' ? content.bytes : { root: content.root, path: content.path, offset: content.offset };
}

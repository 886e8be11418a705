import { createHash } from 'node:crypto';
import type { FileState } from '@slipway/core';
import type { FileNode } from './file-node.js';
import type { LayerEntry } from './layer-entries.js';

// Neighbours are compressed together, as much of them as pays: less compresses worse, more is more to do again when one of them changes.
const smallestSegment = 128 * 1024;
const largestSegment = 512 * 1024;
const oneOf = 32;
const largeFile = 256 * 1024;
const tarBlock = 512;

/** Entries that follow each other in a layer and are compressed apart from all others. */
export interface LayerSegment {
  readonly entries: readonly LayerEntry[];
  /** Stays as long as the entries and their files do; undefined where a file is so young that a change might not show. */
  readonly key: string | undefined;
}

/**
 * Cuts a layer so that a change of one file changes one segment, and a file more or less the segments around it. Where the cuts are
 * depends on paths and sizes alone: so does the compressed layer.
 * @param stateOf what the system says of a file; undefined where it is gone
 */
export function layerSegments(
  entries: readonly LayerEntry[],
  stateOf: (file: FileNode) => FileState | undefined,
): LayerSegment[] {
  const segments: LayerSegment[] = [];
  let start = 0;
  let size = 0;
  entries.forEach(({ header }, index) => {
    const large = header.size > largeFile;
    const cut = large || size >= largestSegment || (size >= smallestSegment && checksum(header.path) % oneOf === 0);
    if (cut && index > start) {
      segments.push(segmentOf(entries.slice(start, index), stateOf));
      start = index;
      size = 0;
    }
    // What follows a large file is not part of its segment.
    size += large ? largestSegment : tarBlock + header.size;
  });
  segments.push(segmentOf(entries.slice(start), stateOf));
  return segments;
}

function segmentOf(entries: readonly LayerEntry[], stateOf: (file: FileNode) => FileState | undefined): LayerSegment {
  // The number goes up where a segment of the same files is written otherwise than before.
  const hash = createHash('sha256').update('segment 3\n');
  let text = '';
  for (const { header, file } of entries) {
    const { path, kind, mode, uid, gid, size, target } = header;
    const content = file?.content;
    let identity = '';
    if (file !== undefined && content?.kind === 'disk') {
      const state = stateOf(file);
      if (state?.settled !== true) return { entries, key: undefined };
      identity = `${state.identity} ${content.offset}`;
    } else if (content?.kind === 'bytes') {
      identity = createHash('sha256').update(content.bytes).digest('hex');
    }
    text += `${JSON.stringify([path, target])} ${kind} ${mode} ${uid} ${gid} ${size} ${identity}\n`;
  }
  return { entries, key: hash.update(text).digest('hex') };
}

/** Stands for all that goes into a layer; undefined where it does for one of its segments. */
export function layerKey(segments: readonly LayerSegment[]): string | undefined {
  const hash = createHash('sha256');
  for (const { key } of segments) {
    if (key === undefined) return undefined;
    hash.update(key);
  }
  return hash.digest('hex');
}

/** Spreads paths evenly (FNV-1a); nobody gains by choosing them otherwise. */
function checksum(path: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < path.length; index++) hash = Math.imul(hash ^ path.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

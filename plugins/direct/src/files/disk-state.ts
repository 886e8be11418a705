import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileState, type FileState } from '@slipway/core';
import type { FileNode } from './file-node.js';

const callsPerTurn = 500;

/** What the system says of the files that hold content of these nodes, without reading them; nothing of one that is gone. */
export async function diskStates(nodes: readonly FileNode[]): Promise<ReadonlyMap<FileNode, FileState>> {
  const states = new Map<FileNode, FileState>();
  let calls = 0;
  for (const node of nodes) {
    const { content } = node;
    if (content?.kind !== 'disk') continue;
    if (content.state !== undefined) {
      states.set(node, content.state);
      continue;
    }
    const status = lstatSync(join(content.root, content.path), { throwIfNoEntry: false });
    if (status !== undefined) states.set(node, fileState(status));
    if (++calls % callsPerTurn === 0) await nextTurn();
  }
  return states;
}

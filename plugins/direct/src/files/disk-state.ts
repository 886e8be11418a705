import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileState, type FileState } from '@slipway/core';
import type { FileNode } from './file-node.js';

const callsPerTurn = 500;

/**
 * What the system says of the files that hold content of these nodes, without reading them; undefined of one that is gone. They are looked
 * at now, but for those of which it is known already.
 */
export async function diskStates(nodes: readonly FileNode[]): Promise<(node: FileNode) => FileState | undefined> {
  const states = new Map<FileNode, FileState>();
  let calls = 0;
  for (const node of nodes) {
    const { content } = node;
    if (content?.kind !== 'disk' || content.state !== undefined) continue;
    const status = lstatSync(join(content.root, content.path), { throwIfNoEntry: false });
    if (status !== undefined) states.set(node, fileState(status));
    if (++calls % callsPerTurn === 0) await nextTurn();
  }
  return (node) => (node.content?.kind === 'disk' ? node.content.state : undefined) ?? states.get(node);
}

/** The path of a file that is not what it was when it was found. */
export function changedPath(nodes: readonly FileNode[]): string {
  const changed = nodes.find(({ content }) => {
    if (content?.kind !== 'disk' || content.state === undefined) return false;
    if (content.state.identity === content.path) return false; // of the cache, where the name stands for the content
    const status = lstatSync(join(content.root, content.path), { throwIfNoEntry: false });
    return status === undefined || fileState(status).identity !== content.state.identity;
  });
  return (changed ?? nodes.find(({ content }) => content?.kind === 'disk'))?.path ?? '';
}

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileNode } from './file-node.js';

// A time stamp is as coarse as the file system makes it, two seconds on FAT: a file this young may change again and keep its times.
const coarsestTime = 2_000_000_000n;
const callsPerTurn = 500;

/** What tells whether files of this machine are what they were. */
export interface DiskState {
  /** By file: device, inode, size, time of the content's and of the inode's last change in nanoseconds; '-' for one that is gone. */
  readonly identities: readonly string[];
  /** True where every file's times lie far enough back that any change since then shows in them. */
  readonly settled: boolean;
}

/** Looks at all files that hold content of these nodes, without reading them. */
export async function diskState(nodes: readonly FileNode[]): Promise<DiskState> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const identities: string[] = [];
  let settled = true;
  for (const { content } of nodes) {
    if (content?.kind !== 'disk') continue;
    const status = lstatSync(join(content.root, content.path), { bigint: true, throwIfNoEntry: false });
    if (status === undefined) {
      identities.push('-');
      settled = false;
    } else {
      const { dev, ino, size, mtimeNs, ctimeNs } = status;
      identities.push(`${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs} ${content.offset}`);
      if (now - mtimeNs < coarsestTime || now - ctimeNs < coarsestTime) settled = false;
    }
    if (identities.length % callsPerTurn === 0) await nextTurn();
  }
  return { identities, settled };
}

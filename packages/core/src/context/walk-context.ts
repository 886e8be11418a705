import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, readlinkSync, type Dirent, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContextEntry } from './build-context.js';
import { nameInvalid, unreadable } from './context-errors.js';
import { errorCode } from '../errors/error-code.js';
import { fileState } from './file-state.js';
import type { IgnoreMatch, IgnoreMatcher } from './ignore-matcher.js';

// Synchronous calls take half the time of asynchronous ones; other work gets its turn after so many.
const callsPerTurn = 500;

export interface WalkedContext {
  readonly entries: readonly ContextEntry[];
  readonly skipped: readonly string[];
}

/**
 * Lists what belongs to the context. A directory that is ignored is entered only where something below it may be kept, and listed only
 * where something is. What cannot be read stops the walk only where it is not ignored.
 * @param required paths that belong to the context whatever the matcher says
 * @throws SlipwayError CONTEXT_FILE_UNREADABLE, CONTEXT_NAME_INVALID
 */
export async function walkContext(
  root: string,
  matcher: IgnoreMatcher,
  required: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<WalkedContext> {
  const entries: ContextEntry[] = [];
  const skipped: string[] = [];
  const requiredParents = new Set([...required].flatMap(parentsOf));
  let calls = 0;

  async function giveOthersATurn(): Promise<void> {
    calls = 0;
    await nextTurn();
    signal?.throwIfAborted();
  }

  async function visit(directory: string, parent?: IgnoreMatch): Promise<void> {
    for (const child of list(root, directory)) {
      const name = child.name.toString();
      const path = directory === '' ? name : `${directory}/${name}`;
      const match = matcher.match(path, parent);
      const wanted = !match.ignored || required.has(path);
      const ignored = match.ignored ? ({ ignored: true } as const) : {};
      if (child.isDirectory()) {
        if (!wanted && !requiredParents.has(path) && !matcher.mayKeepBelow(path, match)) continue;
        if (!isUtf8(child.name)) throw nameInvalid(path);
        const position = entries.push({ path, kind: 'directory', size: 0, executable: false });
        await visit(path, match);
        if (!wanted && entries.length === position) entries.pop();
        else if (!wanted && entries.slice(position).every((entry) => entry.ignored === true)) {
          entries[position - 1] = { path, kind: 'directory', size: 0, executable: false, ...ignored };
        }
      } else if (wanted) {
        if (!isUtf8(child.name)) throw nameInvalid(path);
        addLeaf(path, ignored);
      }
      if (++calls >= callsPerTurn) await giveOthersATurn();
    }
  }

  function addLeaf(path: string, ignored: Pick<ContextEntry, 'ignored'>): void {
    const status = statusOf(root, path);
    if (status === undefined) return;
    if (status.isFile()) {
      const executable = (status.mode & 0o100) !== 0;
      entries.push({ path, kind: 'file', size: status.size, executable, ...ignored, state: fileState(status) });
    } else if (status.isSymbolicLink()) {
      entries.push({ path, kind: 'symlink', size: 0, executable: false, ...ignored, target: targetOf(root, path) });
    } else {
      skipped.push(path);
    }
  }

  signal?.throwIfAborted();
  await visit('');
  return { entries: sortByBytes(entries), skipped: skipped.sort() };
}

function list(root: string, directory: string): Dirent<Buffer>[] {
  try {
    return readdirSync(join(root, directory), { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    throw unreadable(directory === '' ? root : directory, error);
  }
}

/** Undefined where the file vanished since its directory was read. */
function statusOf(root: string, path: string): Stats | undefined {
  try {
    return lstatSync(join(root, path));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
}

function targetOf(root: string, path: string): string {
  let target: Buffer;
  try {
    target = readlinkSync(join(root, path), { encoding: 'buffer' });
  } catch (error) {
    throw unreadable(path, error);
  }
  if (!isUtf8(target)) throw nameInvalid(path);
  return target.toString();
}

function parentsOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** In the order of the paths' UTF-8 bytes, which for characters beyond U+FFFF is not that of JavaScript strings. */
function sortByBytes(entries: readonly ContextEntry[]): ContextEntry[] {
  return entries
    .map((entry) => ({ entry, key: Buffer.from(entry.path).toString('latin1') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ entry }) => entry);
}

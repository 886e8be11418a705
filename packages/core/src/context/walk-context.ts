import { isUtf8 } from 'node:buffer';
import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isAscii } from './ascii.js';
import type { ContextEntry } from './build-context.js';
import { nameInvalid, unreadable } from './context-errors.js';
import { errorCode } from '../errors/error-code.js';
import { fileState } from './file-state.js';
import type { IgnoreMatch, IgnoreMatcher } from './ignore-matcher.js';

// Synchronous calls take half the time of asynchronous ones; other work gets its turn after so many.
const callsPerTurn = 500;

export interface WalkedContext {
  /** Sorted by the bytes of their paths. */
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
  const walk = new ContextWalk(root, matcher, required, signal);
  signal?.throwIfAborted();
  await walk.visit('');
  return { entries: walk.entries, skipped: walk.skipped.sort() };
}

/** The bytes of a name, each as one character: strings of these are in the order of the bytes, which those of JavaScript are not always. */
type RawName = string;

/** A directory that has its entry, and is to be looked into. */
interface FoundDirectory {
  readonly name: RawName;
  readonly path: string;
  readonly match: IgnoreMatch;
  readonly wanted: boolean;
  /** The index of its entry. */
  readonly index: number;
}

class ContextWalk {
  readonly entries: ContextEntry[] = [];
  readonly skipped: string[] = [];
  private readonly requiredParents: ReadonlySet<string>;
  private readonly began = Date.now();
  private calls = 0;

  constructor(
    private readonly root: string,
    private readonly matcher: IgnoreMatcher,
    private readonly required: ReadonlySet<string>,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.requiredParents = new Set([...required].flatMap(parentsOf));
  }

  async visit(directory: string, match?: IgnoreMatch): Promise<void> {
    const prefix = directory === '' ? '' : `${directory}/`;
    // `a/b` is sorted behind `a-` and `a.`: what is in a directory waits until those that are beside it have passed.
    const waiting: FoundDirectory[] = [];
    for (const name of this.list(directory)) {
      for (let last = waiting.at(-1); last !== undefined && `${last.name}/` < name; last = waiting.at(-1)) {
        waiting.pop();
        await this.enter(last);
      }
      const found = this.add(prefix, name, match);
      if (found !== undefined) waiting.push(found);
      if (++this.calls % callsPerTurn === 0) {
        await nextTurn();
        this.signal?.throwIfAborted();
      }
    }
    for (const last of waiting.reverse()) await this.enter(last);
  }

  private async enter({ path, match, wanted, index }: FoundDirectory): Promise<void> {
    const start = this.entries.length;
    await this.visit(path, match);
    if (wanted) return;
    if (this.entries.length === start) this.entries.splice(index, 1);
    else if (this.entries.slice(start).every((entry) => entry.ignored === true)) {
      this.entries[index] = { path, kind: 'directory', size: 0, executable: false, ignored: true };
    }
  }

  /** Lists what has that name. @returns the directory, if it is one that is to be looked into */
  private add(prefix: string, rawName: RawName, parent: IgnoreMatch | undefined): FoundDirectory | undefined {
    const bytes = isAscii(rawName) ? undefined : Buffer.from(rawName, 'latin1');
    const path = prefix + (bytes?.toString() ?? rawName);
    const match = this.matcher.match(path, parent);
    const wanted = !match.ignored || this.required.has(path);
    if (!wanted && !this.requiredParents.has(path) && !this.matcher.mayKeepBelow(path, match)) return undefined;
    const valid = bytes === undefined || isUtf8(bytes);
    if (!valid && wanted) throw nameInvalid(path);

    const status = this.statusOf(path, valid ? undefined : bytes);
    if (status?.isDirectory() === true) {
      if (!valid) throw nameInvalid(path);
      const index = this.entries.push({ path, kind: 'directory', size: 0, executable: false }) - 1;
      return { name: rawName, path, match, wanted, index };
    }
    if (status !== undefined && wanted) this.addLeaf(path, status, match.ignored);
    return undefined;
  }

  private addLeaf(path: string, status: Stats, ignored: boolean): void {
    // Each kind of entry is made in one piece: V8 makes a hidden class for each object that is put together with spreads.
    if (status.isFile()) {
      const { size } = status;
      const executable = (status.mode & 0o100) !== 0;
      const state = fileState(status, this.began);
      if (ignored) this.entries.push({ path, kind: 'file', size, executable, ignored, state });
      else this.entries.push({ path, kind: 'file', size, executable, state });
    } else if (status.isSymbolicLink()) {
      const target = this.targetOf(path);
      if (ignored) this.entries.push({ path, kind: 'symlink', size: 0, executable: false, ignored, target });
      else this.entries.push({ path, kind: 'symlink', size: 0, executable: false, target });
    } else {
      this.skipped.push(path);
    }
  }

  /** The names in a directory, sorted. */
  private list(directory: string): RawName[] {
    try {
      return readdirSync(`${this.root}/${directory}`, { encoding: 'latin1' }).sort();
    } catch (error) {
      throw unreadable(directory === '' ? this.root : directory, error);
    }
  }

  /**
   * Undefined where the file vanished since its directory was read.
   * @param name its bytes, where the path does not tell them
   */
  private statusOf(path: string, name?: Buffer): Stats | undefined {
    const full = `${this.root}/${path}`;
    try {
      return lstatSync(name === undefined ? full : Buffer.concat([Buffer.from(`${dirname(full)}/`), name]));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw unreadable(path, error);
    }
  }

  private targetOf(path: string): string {
    let target: Buffer;
    try {
      target = readlinkSync(`${this.root}/${path}`, { encoding: 'buffer' });
    } catch (error) {
      throw unreadable(path, error);
    }
    if (!isUtf8(target)) throw nameInvalid(path);
    return target.toString();
  }
}

function parentsOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

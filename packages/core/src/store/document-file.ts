import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '../errors/slipway-error.js';
import { keepOriginal } from './keep-original.js';
import { type Hold, type ReplaceOptions, takeLock } from './lock.js';
import { makeFolder } from './make-folder.js';
import { ShapeError } from './shape.js';
import { errorCode } from '../errors/error-code.js';

/** One kind of document that is kept in the configuration folder, as data. */
export interface DocumentKind<Document> {
  readonly file: string;
  /** For people, as in `The store … is broken`. */
  readonly title: string;
  /** That is written; stands in the document's field `version`. */
  readonly version: number;
  /** What the file holds before anything was written. */
  initial(): Document;
  /** @throws ShapeError where it is not a document of this kind and version */
  check(value: unknown): void;
  /** Whether the document may stay as the previous one of what a change made of it; without this, it may. */
  readonly mayKeep?: (before: Document, after: Document) => boolean;
  /** By version: what makes a document of it one of the next; the version's number is put in by the caller. */
  readonly migrations: Readonly<
    Record<number, (document: Readonly<Record<string, unknown>>) => Record<string, unknown>>
  >;
}

/**
 * A document in a file of its own, safe for any number of processes: it is checked when read, replaced atomically, and changed only
 * under a lock within which it is read afresh. What it replaced stays beside it, as `FILE.previous`; where the
 * kind of document forbids that, a copy of what was written.
 */
export class DocumentFile<Document extends object> {
  readonly path: string;

  constructor(
    readonly directory: string,
    readonly kind: DocumentKind<Document>,
  ) {
    this.path = join(directory, kind.file);
  }

  /** @throws SlipwayError `STORE_BROKEN`, `STORE_TOO_NEW`, `STORE_UNREADABLE` */
  async read(): Promise<Document> {
    return (await this.#load())?.document ?? this.kind.initial();
  }

  /**
   * Runs `change` on the current document under the lock and keeps what it made of it. Where `change` throws, nothing is kept.
   * @throws SlipwayError those of `read`, `STORE_LOCKED`, `STORE_UNWRITABLE`
   */
  async update<T>(change: (document: Document) => T | Promise<T>): Promise<T> {
    const hold = await this.#lock();
    try {
      const loaded = await this.#load();
      const document = loaded?.document ?? this.kind.initial();
      const result = await change(document);
      this.kind.check(document);
      if (loaded !== undefined && loaded.version < this.kind.version) await this.#keepOriginal(loaded.version);
      // The change was made in the document that was read.
      const { mayKeep = () => true } = this.kind;
      const forgetPrevious = loaded !== undefined && !mayKeep(this.parse(loaded.text).document, document);
      await this.#replace(hold, `${JSON.stringify(document, null, 2)}\n`, { forgetPrevious });
      return result;
    } finally {
      await hold.release();
    }
  }

  /** The document in a text, brought to the version of today. @throws SlipwayError `STORE_BROKEN`, `STORE_TOO_NEW` */
  parse(text: string): { readonly document: Document; readonly version: number } {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // The parser's error may quote the document, which may hold a password.
      throw this.#broken('It is not valid JSON');
    }
    const version = (value as { version?: unknown } | null)?.version;
    if (typeof version === 'number' && version > this.kind.version) throw this.#tooNew(version);
    try {
      return { document: this.#checked(value, version), version: Number(version) };
    } catch (error) {
      if (error instanceof ShapeError) throw this.#broken(`It is not what Slipway writes: ${error.message}`);
      throw error;
    }
  }

  #checked(value: unknown, version: unknown): Document {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ShapeError('', 'it is not an object');
    let document = value as Record<string, unknown>;
    for (let from = Number(version); from !== this.kind.version; from += 1) {
      const migrate = this.kind.migrations[from];
      if (typeof version !== 'number' || migrate === undefined)
        throw new ShapeError('version', 'is none that Slipway knows');
      document = { ...migrate(document), version: from + 1 };
    }
    this.kind.check(document);
    return document as Document;
  }

  /** @returns undefined where there is no file */
  async #load(): Promise<{ readonly document: Document; readonly version: number; readonly text: string } | undefined> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw this.#unusable('STORE_UNREADABLE', 'cannot be read', error);
    }
    return { ...this.parse(text), text };
  }

  async #lock(): Promise<Hold> {
    try {
      await makeFolder(this.directory);
      return await takeLock(this.path, { keepPrevious: true });
    } catch (error) {
      throw this.#unusable('STORE_UNWRITABLE', 'cannot be written', error);
    }
  }

  async #keepOriginal(version: number): Promise<void> {
    try {
      const original = await realpath(this.path);
      await keepOriginal(original, `${original}.version-${version}`);
    } catch (error) {
      throw this.#unusable('STORE_UNWRITABLE', 'cannot be written', error);
    }
  }

  async #replace(hold: Hold, text: string, options: ReplaceOptions): Promise<void> {
    try {
      await hold.replace(text, options);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw this.#locked(error);
      throw this.#unusable('STORE_UNWRITABLE', 'cannot be written', error);
    }
  }

  #broken(reason: string): SlipwayError {
    return new SlipwayError({
      code: 'STORE_BROKEN',
      message: `The ${this.kind.title} ${this.path} is broken.`,
      reason: `${reason}. Nothing was changed.`,
      fix: `slipway doctor store --repair, which goes back to what was kept before the last change, if there was one; or begin afresh: mv '${this.path}' '${this.path}.broken'`,
    });
  }

  #tooNew(version: number): SlipwayError {
    return new SlipwayError({
      code: 'STORE_TOO_NEW',
      message: `The ${this.kind.title} ${this.path} was written by a newer Slipway.`,
      reason: `It has version ${version}; this Slipway knows version ${this.kind.version}. Nothing was changed.`,
      fix: 'Use the newer Slipway, or another folder with SLIPWAY_CONFIG_DIR.',
    });
  }

  #locked(cause: unknown): SlipwayError {
    return new SlipwayError({
      code: 'STORE_LOCKED',
      message: `The ${this.kind.title} ${this.path} is in use by another process.`,
      reason: 'That process took the lock over, as this one had it for too long. Nothing was changed.',
      fix: 'Try again.',
      cause,
    });
  }

  #unusable(code: string, what: string, cause: unknown): SlipwayError {
    return new SlipwayError({
      code,
      message: `The ${this.kind.title} ${this.path} ${what}.`,
      reason: cause instanceof Error ? cause.message : undefined,
      fix: 'Check the permissions of the folder, or choose another with SLIPWAY_CONFIG_DIR.',
      cause,
    });
  }
}

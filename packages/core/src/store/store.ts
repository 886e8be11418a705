import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { SlipwayError } from '../errors/slipway-error.js';
import { type Hold, takeLock } from './lock.js';
import { makeFolder } from './make-folder.js';
import {
  type DefaultStack,
  initialDocument,
  storeDocument,
  type StoreDocument,
  storeVersion,
} from './store-document.js';

/**
 * The document of what is registered, safe for any number of processes: it is validated when read, replaced atomically,
 * and changed only under a lock within which it is read afresh.
 */
export class Store {
  readonly #path: string;

  /** @param defaultStack what the store holds before anything is registered */
  constructor(
    private readonly directory: string,
    private readonly defaultStack: DefaultStack = { artifact_store: 'local' },
  ) {
    this.#path = join(directory, 'store.json');
  }

  /**
   * @throws SlipwayError `STORE_BROKEN`, `STORE_TOO_NEW`, `STORE_UNREADABLE`
   */
  async read(): Promise<StoreDocument> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (isCode(error, 'ENOENT')) return initialDocument(this.defaultStack);
      throw this.#unusable('STORE_UNREADABLE', 'cannot be read', error);
    }
    return this.#parse(text);
  }

  /**
   * Runs `change` on the current document under the lock and keeps what it made of it. Where `change` throws, nothing is kept.
   * @throws SlipwayError those of `read`, `STORE_LOCKED`, `STORE_UNWRITABLE`
   */
  async update<T>(change: (document: StoreDocument) => T | Promise<T>): Promise<T> {
    const hold = await this.#lock();
    try {
      const document = await this.read();
      const result = await change(document);
      const text = `${JSON.stringify(storeDocument.parse(document), null, 2)}\n`;
      await this.#replace(hold, text);
      return result;
    } finally {
      await hold.release();
    }
  }

  #parse(text: string): StoreDocument {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // The parser's error may quote the document, which may hold a password.
      throw this.#broken('It is not valid JSON');
    }
    const version = (value as { version?: unknown } | null)?.version;
    if (typeof version === 'number' && version > storeVersion) {
      throw new SlipwayError({
        code: 'STORE_TOO_NEW',
        message: `The store ${this.#path} was written by a newer Slipway.`,
        reason: `It has version ${version}; this Slipway knows version ${storeVersion}. Nothing was changed.`,
        fix: 'Use the newer Slipway, or another folder with SLIPWAY_CONFIG_DIR.',
      });
    }
    const result = storeDocument.safeParse(value);
    if (!result.success) throw this.#broken(`It is not what Slipway writes: ${firstProblem(result.error)}`);
    return result.data;
  }

  async #lock(): Promise<Hold> {
    try {
      await makeFolder(this.directory);
      return await takeLock(this.#path);
    } catch (error) {
      throw this.#unusable('STORE_UNWRITABLE', 'cannot be written', error);
    }
  }

  async #replace(hold: Hold, text: string): Promise<void> {
    try {
      await hold.replace(text);
    } catch (error) {
      if (isCode(error, 'ENOENT')) throw this.#locked(error);
      throw this.#unusable('STORE_UNWRITABLE', 'cannot be written', error);
    }
  }

  #broken(reason: string): SlipwayError {
    return new SlipwayError({
      code: 'STORE_BROKEN',
      message: `The store ${this.#path} is broken.`,
      reason: `${reason}. Nothing was changed.`,
      fix: `Mend the file, or move it away to begin afresh: mv '${this.#path}' '${this.#path}.broken'`,
    });
  }

  #locked(cause: unknown): SlipwayError {
    return new SlipwayError({
      code: 'STORE_LOCKED',
      message: `The store ${this.#path} is in use by another process.`,
      reason: 'That process took the lock over, as this one had it for too long. Nothing was changed.',
      fix: 'Try again.',
      cause,
    });
  }

  #unusable(code: string, what: string, cause: unknown): SlipwayError {
    return new SlipwayError({
      code,
      message: `The store ${this.#path} ${what}.`,
      reason: cause instanceof Error ? cause.message : undefined,
      fix: 'Check the permissions of the folder, or choose another with SLIPWAY_CONFIG_DIR.',
      cause,
    });
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function firstProblem(error: z.ZodError): string {
  const { path = [], message = '' } = error.issues[0] ?? {};
  const where = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return where === '' ? message : `${where.replace(/^\./, '')}: ${message}`;
}

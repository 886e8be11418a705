import { readFile, realpath, stat } from 'node:fs/promises';
import { SlipwayError } from '../errors/slipway-error.js';
import type { DocumentFile } from './document-file.js';
import { keepOriginal, previousOf } from './keep-original.js';
import { takeLock } from './lock.js';

/** A document before its last change; where nothing of that may be kept, a copy of what the change made of it. */
export interface Previous<Document> {
  readonly text: string;
  readonly document: Document;
  /** ISO 8601, in UTC. */
  readonly at: string;
}

/** The document before the last change; undefined where there is none that can be used. */
export async function readPrevious<Document extends object>(
  file: DocumentFile<Document>,
): Promise<Previous<Document> | undefined> {
  const path = await previousOf(file.path);
  try {
    const text = await readFile(path, 'utf8');
    return { text, document: file.parse(text).document, at: (await stat(path)).mtime.toISOString() };
  } catch {
    return undefined;
  }
}

/** Goes back to the previous document where that of now is broken. @returns what was done */
export async function restorePrevious<Document extends object>(
  file: DocumentFile<Document>,
): Promise<readonly string[]> {
  if (!(await isBroken(file))) return [];
  const hold = await takeLock(file.path);
  try {
    // Another may have been quicker.
    if (!(await isBroken(file))) return [];
    const previous = await readPrevious(file);
    if (previous === undefined) return [];
    const path = await realpath(file.path);
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const broken = `${path}.broken-${stamp}`;
    await keepOriginal(path, broken);
    await hold.replace(previous.text);
    return [`${file.path} is again the copy of ${previous.at} that was kept; the broken one is kept as ${broken}.`];
  } finally {
    await hold.release();
  }
}

async function isBroken(file: Pick<DocumentFile<object>, 'read'>): Promise<boolean> {
  return file.read().then(
    () => false,
    (error: unknown) => SlipwayError.is(error) && error.code === 'STORE_BROKEN',
  );
}

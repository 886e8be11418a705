import { close, closeSync, constants, open, openSync, read, readSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileChanged, fileError } from './context-errors.js';

// A file that was replaced since the walk must neither lead elsewhere (symlink) nor block for ever (pipe). Windows has no such flags.
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants as Partial<typeof constants>;
const flags = (O_RDONLY ?? 0) | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);
const closeDescriptor = promisify(close);

/** A file of a context, open for reading. Errors of the system come out as errors of the context. */
export class ContextFile {
  private constructor(
    private readonly path: string,
    private readonly descriptor: number,
  ) {}

  /**
   * @param path relative to the context, with `/`
   * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
   */
  static async open(root: string, path: string): Promise<ContextFile> {
    try {
      return new ContextFile(path, await openDescriptor(join(root, path)));
    } catch (error) {
      throw fileError(path, error);
    }
  }

  /**
   * Fills a buffer with the beginning of a file.
   * @throws SlipwayError CONTEXT_FILE_CHANGED where the file is shorter, CONTEXT_FILE_UNREADABLE
   */
  static readSync(root: string, path: string, into: Buffer): void {
    let descriptor: number | undefined;
    let position = 0;
    try {
      descriptor = openSync(join(root, path), flags);
      for (let count = 1; count > 0 && position < into.length; position += count) {
        count = readSync(descriptor, into, position, into.length - position, position);
      }
    } catch (error) {
      throw fileError(path, error);
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
    if (position < into.length) throw fileChanged(path);
  }

  /**
   * Reads as much as comes at once, at least one byte.
   * @throws SlipwayError CONTEXT_FILE_CHANGED where the file ends before the position, CONTEXT_FILE_UNREADABLE
   */
  read(into: Buffer, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.descriptor, into, 0, into.length, position, (error, count) => {
        if (error !== null) reject(fileError(this.path, error));
        else if (count === 0) reject(fileChanged(this.path));
        else resolve(count);
      });
    });
  }

  close(): Promise<void> {
    return closeDescriptor(this.descriptor);
  }
}

function openDescriptor(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    open(path, flags, (error, descriptor) => {
      if (error === null) resolve(descriptor);
      else reject(error);
    });
  });
}

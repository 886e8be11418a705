import { paddingOf, tarBlockSize } from '@slipway/core';
import { decodePaxRecords, decodeTarHeader } from '@slipway/oci';

const zeros = Buffer.alloc(tarBlockSize);
// Types of headers that say something of a later one, and of no entry themselves; `x` has records for the next.
const extensions = 'xgKL';

/**
 * A tar archive up to its end, which two blocks of zeros are, as Docker and GNU tar read it: what stands behind them, such as another
 * archive or a signature, is no part of it. The library that reads the entries goes on there.
 */
export async function* untilArchiveEnd(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const scan = new ArchiveScan();
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of content) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const known = scan.advance(bytes);
    if (known > 0) yield bytes.subarray(0, known);
    if (scan.isAtEnd) return;
    rest = bytes.subarray(known);
  }
  if (rest.length > 0) yield rest;
}

/** Finds the headers of an archive, each by what the one before says of its content. */
class ArchiveScan {
  isAtEnd = false;
  /** Of the content that is passed over, with its padding. */
  private left = 0;
  private emptyBlocks = 0;
  /** The records for the next entry, while they are read. */
  private records: Buffer[] | undefined;
  private recordsSize = 0;
  private sizeFromRecords: number | undefined;

  /** @returns how many bytes are known to belong to the archive; the others, fewer than a block, are to be given again */
  advance(bytes: Buffer): number {
    let position = 0;
    while (!this.isAtEnd) {
      const passed = Math.min(this.left, bytes.length - position);
      this.records?.push(bytes.subarray(position, position + passed));
      position += passed;
      this.left -= passed;
      if (this.left > 0 || bytes.length - position < tarBlockSize) break;
      this.readHeader(bytes.subarray(position, position + tarBlockSize));
      position += tarBlockSize;
    }
    return position;
  }

  private readHeader(block: Buffer): void {
    this.takeRecords();
    this.emptyBlocks = block.equals(zeros) ? this.emptyBlocks + 1 : 0;
    this.isAtEnd = this.emptyBlocks === 2;
    const header = decodeTarHeader(block);
    // The end, or what whoever reads the entries refuses.
    if (header === undefined) return;
    const { type, size } = header;
    if (extensions.includes(type)) {
      if (type === 'x') [this.records, this.recordsSize] = [[], size];
      this.pass(size);
    } else {
      this.pass(type === '5' ? 0 : (this.sizeFromRecords ?? size));
      this.sizeFromRecords = undefined;
    }
  }

  private pass(size: number): void {
    this.left = size + paddingOf(size);
  }

  private takeRecords(): void {
    if (this.records === undefined) return;
    const records = decodePaxRecords(Buffer.concat(this.records).subarray(0, this.recordsSize));
    const size = Number(records.get('size'));
    if (Number.isSafeInteger(size) && size >= 0) this.sizeFromRecords = size;
    this.records = undefined;
  }
}

const blockSize = 512;
const zeros = Buffer.alloc(blockSize);
// Types of entries that say something of the next one: they are no entry themselves.
const extended = { pax: 'x', others: 'gKL' } as const;

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
      if (this.left > 0 || bytes.length - position < blockSize) break;
      this.readHeader(bytes.subarray(position, position + blockSize));
      position += blockSize;
    }
    return position;
  }

  private readHeader(header: Buffer): void {
    this.takeRecords();
    this.emptyBlocks = header.equals(zeros) ? this.emptyBlocks + 1 : 0;
    this.isAtEnd = this.emptyBlocks === 2;
    if (this.emptyBlocks > 0) return;
    const type = String.fromCharCode(header[156] ?? 0);
    const isPax = type === extended.pax;
    const own = sizeIn(header);
    const isEntry = !isPax && !extended.others.includes(type);
    const size = type === '5' ? 0 : ((isEntry ? this.sizeFromRecords : undefined) ?? own);
    if (isEntry) this.sizeFromRecords = undefined;
    if (isPax) [this.records, this.recordsSize] = [[], own];
    this.left = Math.ceil(size / blockSize) * blockSize;
  }

  private takeRecords(): void {
    if (this.records === undefined) return;
    const text = Buffer.concat(this.records).toString('latin1', 0, this.recordsSize);
    const size = /(?:^|\n)\d+ size=(\d+)\n/.exec(text)?.[1];
    if (size !== undefined) this.sizeFromRecords = Number(size);
    this.records = undefined;
  }
}

/** In bytes: octal, or binary where it is too large for that. */
function sizeIn(header: Buffer): number {
  const field = header.subarray(124, 136);
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  const octal = Number.parseInt(field.toString('latin1').replaceAll('\0', ' ').trim(), 8);
  return Number.isNaN(octal) ? 0 : octal;
}

/**
 * Writes bits as deflate has them: the lowest first, the bytes in their order. Its state is open to the loops that write most of them: it is
 * three times as quick in their own variables.
 */
export class BitWriter {
  readonly view: DataView;
  /** Of the byte that is begun. */
  position = 0;
  /** Those that are no whole byte yet. */
  bits = 0;
  /** How many these are, at most 7. */
  count = 0;

  /** @param bytes has room for all that will be written, and four bytes more */
  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /**
   * @param value has no other bits than those that are written
   * @param count at most 24
   */
  write(value: number, count: number): void {
    this.bits |= value << this.count;
    this.count += count;
    this.view.setInt32(this.position, this.bits, true);
    this.position += this.count >> 3;
    this.bits >>>= this.count & ~7;
    this.count &= 7;
  }

  /** Fills up a byte that has begun with zeros. */
  align(): void {
    if (this.count > 0) this.write(0, 8 - this.count);
  }

  /** Only where bytes are whole. */
  writeBytes(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.position);
    this.position += bytes.length;
  }
}

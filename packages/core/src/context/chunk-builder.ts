/** Collects bytes in chunks of one size. Each chunk is fresh memory, so that whoever gets it may keep it. */
export class ChunkBuilder {
  private current: Buffer;
  private used = 0;
  private full: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly chunkSize: number) {
    this.current = Buffer.allocUnsafeSlow(chunkSize);
  }

  /** All bytes that were added since the beginning. */
  get length(): number {
    return this.bytes;
  }

  get hasFull(): boolean {
    return this.full.length > 0;
  }

  append(bytes: Buffer): void {
    for (let offset = 0; offset < bytes.length;) {
      const copied = bytes.copy(this.free(), 0, offset);
      this.advance(copied);
      offset += copied;
    }
  }

  appendZeros(count: number): void {
    for (let left = count; left > 0;) {
      const zeros = this.free().subarray(0, left).fill(0).length;
      this.advance(zeros);
      left -= zeros;
    }
  }

  /** Room to write to, at least one byte; `advance` takes over what was written. */
  free(): Buffer {
    return this.current.subarray(this.used);
  }

  advance(count: number): void {
    this.used += count;
    this.bytes += count;
    if (this.used < this.chunkSize) return;
    this.full.push(this.current);
    this.current = Buffer.allocUnsafeSlow(this.chunkSize);
    this.used = 0;
  }

  /** The chunks that became full since the last call. */
  takeFull(): Buffer[] {
    const taken = this.full;
    this.full = [];
    return taken;
  }

  /** What is left at the end, maybe nothing. */
  takeRest(): Buffer {
    return this.current.subarray(0, this.used);
  }
}

/** One header of a tar archive. */
export interface TarHeader {
  readonly name: string;
  /** What a link points to. */
  readonly target: string;
  /** One character, as the archive has it: `0` a file, `1` a hard link, `2` a symbolic link, `x` attributes of the next entry… */
  readonly type: string;
  /** Bytes of content that follow. */
  readonly size: number;
}

/** Undefined for what is not a header, which its checksum tells. */
export function decodeTarHeader(block: Buffer): TarHeader | undefined {
  if (Number.parseInt(text(block, 148, 8).trim(), 8) !== checksumOf(block)) return undefined;
  const size = decodeNumber(block.subarray(124, 136));
  if (!Number.isSafeInteger(size) || size < 0) return undefined;
  // The older format of GNU tar has times where this one has the beginning of a long name.
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    target: text(block, 157, 100),
    type: block[156] === 0 ? '0' : String.fromCharCode(block[156] ?? 0),
    size,
  };
}

/** The keywords and values of a pax header. */
export function decodePaxRecords(content: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  let at = 0;
  while (at < content.length) {
    const blank = content.indexOf(' ', at);
    const length = Number.parseInt(content.toString('latin1', at, Math.max(blank, at)), 10);
    if (!(length > 0)) break;
    const record = content.toString('utf8', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** Its own field counts as blanks. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < block.length; index++) if (index < 148 || index >= 156) sum += block[index] ?? 0;
  return sum;
}

function decodeNumber(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) === 0)
    return Number.parseInt(field.toString('latin1').replace(/\0.*$/s, '').trim() || '0', 8);
  return Number(field.readBigUInt64BE(field.length - 8));
}

function text(block: Buffer, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

import { isAscii } from './ascii.js';
import type { ContextEntry } from './build-context.js';

export const tarBlockSize = 512;

// 2000-01-01T00:00:00Z. Not 0: ZIP files, and with them Python's wheels, know no time before 1980, in any time zone.
const modificationTime = 946_684_800;
const nameLength = 100;
const prefixLength = 155;
const largestOctalSize = 0o77777777777;
const largestOctalId = 0o7777777;
const types = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const;

/** All that a header tells of an entry. */
export interface TarEntryHeader {
  /** Without a leading or trailing slash. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** Permissions, set-user-id and the like: the lowest 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In bytes; 0 for all but files. */
  readonly size: number;
  /** What a link points to; of a hard link, a path of the same archive. */
  readonly target?: string | undefined;
}

/** The header of an entry of a build context, owner and permissions made the same for every machine. */
export function encodeTarHeader({ path, kind, size, executable, target }: ContextEntry): Buffer {
  const mode = { file: executable ? 0o755 : 0o644, directory: 0o755, symlink: 0o777 }[kind];
  return encodeTarEntryHeader({ path, kind, mode, uid: 0, gid: 0, size, target });
}

/** The header of an entry: one block, after a pax header where the plain one has no room for the entry's names or numbers. */
export function encodeTarEntryHeader(entry: TarEntryHeader): Buffer {
  const { kind, mode, uid, gid, size, target = '' } = entry;
  const path = kind === 'directory' ? `${entry.path}/` : entry.path;
  const parts = splitName(path);
  const hasRoom =
    parts !== undefined &&
    fitsName(target) &&
    size <= largestOctalSize &&
    uid <= largestOctalId &&
    gid <= largestOctalId;
  const { name, prefix } = parts ?? { name: path, prefix: '' };
  const type = types[kind];
  if (hasRoom) return encodeBlock({ name, prefix, target, type, mode, uid, gid, size });

  const records: [keyword: string, value: string][] = [];
  if (parts === undefined) records.push(['path', path]);
  if (!fitsName(target)) records.push(['linkpath', target]);
  if (size > largestOctalSize) records.push(['size', String(size)]);
  if (uid > largestOctalId) records.push(['uid', String(uid)]);
  if (gid > largestOctalId) records.push(['gid', String(gid)]);
  const header = encodeBlock({
    name,
    prefix,
    target,
    type,
    mode,
    uid: uid > largestOctalId ? 0 : uid,
    gid: gid > largestOctalId ? 0 : gid,
    size: size > largestOctalSize ? 0 : size,
  });
  return Buffer.concat([encodePaxHeader(records), header]);
}

function encodePaxHeader(records: readonly [keyword: string, value: string][]): Buffer {
  const content = Buffer.concat(records.map(([keyword, value]) => encodePaxRecord(keyword, value)));
  const header = encodeBlock({
    name: 'PaxHeaders/entry',
    prefix: '',
    target: '',
    type: 'x',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: content.length,
  });
  return Buffer.concat([header, content, Buffer.alloc(paddingOf(content.length))]);
}

/** A record begins with its own length in decimal digits, those digits included. */
function encodePaxRecord(keyword: string, value: string): Buffer {
  const rest = Buffer.from(` ${keyword}=${value}\n`);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** How many bytes are missing to whole blocks. */
export function paddingOf(size: number): number {
  return (tarBlockSize - (size % tarBlockSize)) % tarBlockSize;
}

/** The name as the fields `name` and `prefix` hold it, parted at a slash; undefined where they cannot. */
function splitName(path: string): { name: string; prefix: string } | undefined {
  if (!isAscii(path)) return undefined;
  if (path.length <= nameLength) return { name: path, prefix: '' };
  // A directory's name ends with a slash that is no place to part it.
  const slash = path.lastIndexOf('/', Math.min(prefixLength, path.length - 2));
  const name = path.slice(slash + 1);
  return slash <= 0 || name.length > nameLength ? undefined : { name, prefix: path.slice(0, slash) };
}

/** Text is cut at the length of its field; a pax header then holds the whole of it. */
interface BlockFields {
  readonly name: string;
  readonly prefix: string;
  readonly target: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

// What all headers have alike.
const template = ((): Buffer => {
  const block = Buffer.alloc(tarBlockSize);
  block.write(octal(modificationTime, 12), 136, 'latin1');
  block.write('        ', 148, 'latin1'); // the checksum counts its own field as spaces
  block.write('ustar\x0000', 257, 'latin1');
  return block;
})();
const templateChecksum = template.reduce((sum, byte) => sum + byte, 0);

function encodeBlock(fields: BlockFields): Buffer {
  const block = Buffer.allocUnsafe(tarBlockSize);
  template.copy(block);
  let checksum = templateChecksum;
  const write = (text: string, offset: number, length: number): void => {
    if (text === '') return;
    const end = offset + block.write(text, offset, length);
    for (let index = offset; index < end; index++) checksum += block[index] ?? 0;
  };
  write(fields.name, 0, nameLength);
  write(octal(fields.mode, 8), 100, 8);
  write(octal(fields.uid, 8), 108, 8);
  write(octal(fields.gid, 8), 116, 8);
  write(octal(fields.size, 12), 124, 12);
  write(fields.type, 156, 1);
  write(fields.target, 157, nameLength);
  write(fields.prefix, 345, prefixLength);
  block.write(`${checksum.toString(8).padStart(6, '0')}\0`, 148, 'latin1');
  return block;
}

/** Digits to the last byte but one of a field, which stays zero. */
function octal(value: number, length: number): string {
  return value.toString(8).padStart(length - 1, '0');
}

function fitsName(text: string): boolean {
  return text.length <= nameLength && isAscii(text);
}

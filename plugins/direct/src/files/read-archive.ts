import { pipeline, Readable } from 'node:stream';
import type { Header } from 'tar-stream';
import { imagePath } from './image-path.js';
import { untilArchiveEnd } from './until-archive-end.js';

/** An entry of a tar archive. Devices and pipes, which only root can unpack, are passed over. */
export interface ArchiveEntry {
  /** Normal, without a leading slash; the archive's own root is empty. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Of a link; that of a hard link is a path of the archive. */
  readonly target?: string | undefined;
  /** Where in the uncompressed archive its content begins. */
  readonly offset: number;
  /** The content in base64, of files that were asked for. */
  readonly base64?: string | undefined;
}

const kinds: Partial<Record<NonNullable<Header['type']>, ArchiveEntry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'directory',
  symlink: 'symlink',
  link: 'hardlink',
};

/**
 * Lists an uncompressed tar archive while it is read.
 * @param wanted whether the content of a file of this path and size is to be kept in its entry
 */
export async function* readArchive(
  content: AsyncIterable<Buffer>,
  wanted: (path: string, size: number) => boolean = () => false,
): AsyncGenerator<ArchiveEntry, void, undefined> {
  const { extract } = await import('tar-stream');
  // Archives older than the standard have no name of their format.
  const archive = extract({ allowUnknownFormat: true } as object);
  pipeline(Readable.from(untilArchiveEnd(content), { objectMode: false }), archive, () => undefined);
  for await (const item of archive) {
    const header = item.header as Header & { readonly byteOffset: number };
    const kind = isOldDirectory(header) ? 'directory' : kinds[header.type ?? 'file'];
    const path = imagePath(header.name);
    const size = kind === 'file' ? (header.size ?? 0) : 0;
    const chunks: Buffer[] | undefined = kind === 'file' && wanted(path, size) ? [] : undefined;
    if (chunks === undefined) item.resume();
    else for await (const chunk of item as AsyncIterable<Buffer>) chunks.push(chunk);
    if (kind === undefined) continue;
    yield {
      path,
      kind,
      // Linux knows no other mode of a symlink, whatever an archive says.
      mode: kind === 'symlink' ? 0o777 : (header.mode ?? 0o644) & 0o7777,
      uid: header.uid ?? 0,
      gid: header.gid ?? 0,
      size,
      target: targetOf(kind, header.linkname ?? ''),
      offset: header.byteOffset,
      base64: chunks === undefined ? undefined : Buffer.concat(chunks).toString('base64'),
    };
  }
}

/** Before there were types, a directory was told by its name. */
function isOldDirectory({ type, name }: Header): boolean {
  return (type ?? 'file') === 'file' && name.endsWith('/');
}

function targetOf(kind: ArchiveEntry['kind'], linkname: string): string | undefined {
  if (kind === 'symlink') return linkname;
  return kind === 'hardlink' ? imagePath(linkname) : undefined;
}

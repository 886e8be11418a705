import { posix } from 'node:path';
import { parseChmod } from './chmod.js';
import type { CopyRequest } from './copy-request.js';
import type { FileNode } from './file-node.js';
import { copyError } from './files-error.js';
import { imagePath, parentOf } from './image-path.js';
import { makeLayer, type Layer, type LayerOptions } from './layer.js';
import { needsListing, type PlannedCopy } from './needs-listing.js';
import { parseOwner, resolveOwner, type Owner } from './owner.js';
import { FilePlacement, type ParentAttributes } from './place-files.js';
import { readText } from './read-text.js';
import { pathWithin, selectSources, type SelectedSource } from './select-sources.js';
import { fetchContents } from './spool.js';
import { unpackArchive, type UnpackOptions } from './unpack-archive.js';

export type CopyOptions = LayerOptions & UnpackOptions;

/**
 * The layer that a COPY or ADD makes, as Docker (BuildKit) would make it; undefined where it holds nothing. The base image below the target
 * is read only where its files decide what happens (see `needsListing`).
 *
 * Other than in Docker: files of the context have permissions 0644 or 0755 and times are fixed, so that the layer is the same on every
 * machine; extended attributes, devices and pipes are left behind; an unknown name in `--chown` is an error.
 * @throws UsageError COPY_… and ADD_… codes, each with the line
 * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE, LAYER_BROKEN, and what the sources of images throw
 */
export async function copyLayer(request: CopyRequest, options: CopyOptions): Promise<Layer | undefined> {
  const { cacheFolder, signal } = options;
  const selected = selectSources(request, await request.from.tree.whole(signal));
  const plan = planCopy(request, [...selected, ...request.inlineFiles.map(inlineSource)]);
  const exact = request.target.complete || needsListing(plan, request.target.own());
  let placed = await placeSources(request, plan, exact, options);
  // Where nothing comes to lie in it, whoever unpacks the layer does not make the destination: it has to be told from what exists.
  if (placed.length === 0 && plan.selected.length > 0 && !exact)
    placed = await placeSources(request, plan, true, options);
  const nodes = await fetchContents(placed, cacheFolder, signal);
  return nodes.length === 0 ? undefined : makeLayer(nodes, options);
}

/** @param exact whether the files of the base image count */
async function placeSources(
  request: CopyRequest,
  plan: PlannedCopy,
  exact: boolean,
  options: CopyOptions,
): Promise<readonly FileNode[]> {
  const { cacheFolder, signal } = options;
  const tree = exact ? await request.target.whole(signal) : request.target.own();
  const read = (file: FileNode): Promise<string> => readText(file, cacheFolder, signal);
  const owner = plan.owner === undefined ? undefined : await resolveOwner(request, plan.owner, tree, read);
  const placement = new FilePlacement(request, tree, exact);
  for (const [index, source] of plan.selected.entries()) {
    const unpacked = await archiveOf(request, source, options);
    if (unpacked === undefined) placeSource(placement, plan, source, index, owner);
    else placeArchive(placement, plan, unpacked, owner);
  }
  return placement.nodes;
}

function planCopy(request: CopyRequest, selected: readonly SelectedSource[]): PlannedCopy {
  const { sources, inlineFiles, destination, workingDirectory, chown, parents } = request;
  const intoDirectory = /(^|\/)\.{0,2}$/.test(destination) || parents === true;
  if (sources.length + inlineFiles.length > 1 && !intoDirectory) {
    const problem = `has several sources, but '${destination}' does not end with a slash.`;
    throw copyError(request, 'COPY_DESTINATION_NOT_DIRECTORY', problem, `Write ${destination}/ for a directory.`);
  }
  return {
    selected,
    destination: imagePath(posix.resolve('/', workingDirectory, destination)),
    intoDirectory,
    owner: chown === undefined || chown === '' ? undefined : parseOwner(request, chown),
    mode: parseChmod(request, request.chmod),
  };
}

function inlineSource({ name, content }: CopyRequest['inlineFiles'][number]): SelectedSource {
  const bytes = Buffer.from(content);
  const node = { path: name, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length } as const;
  return { name, node: { ...node, content: { kind: 'bytes', bytes } }, directory: '', below: [] };
}

async function archiveOf(
  request: CopyRequest,
  { name, node }: SelectedSource,
  options: UnpackOptions,
): Promise<readonly FileNode[] | undefined> {
  if (request.instruction !== 'ADD' || request.unpack === false || node.content?.kind !== 'disk') return undefined;
  return unpackArchive(request, name, node.content, options);
}

/** @param index of the source among all of the instruction */
function placeSource(
  placement: FilePlacement,
  plan: PlannedCopy,
  source: SelectedSource,
  index: number,
  owner?: Owner,
): void {
  const { destination, intoDirectory, mode } = plan;
  const parents = parentAttributes(plan, owner);
  const real = placement.resolve(destination);
  const change = (node: FileNode, path: string): FileNode => {
    // The permissions of a symlink mean nothing, and chmod would change those of what it points to.
    const changed = node.kind === 'symlink' ? node.mode : mode.apply(node.mode, node.kind === 'directory');
    // Each source is copied by itself: names of one file in several of them become files of their own, as in Docker.
    const inode = node.inode === undefined ? undefined : `${index} ${node.inode}`;
    const isSame = path === node.path && changed === node.mode && owner === undefined && inode === undefined;
    if (isSame) return node;
    const { kind, size, target, content } = node;
    const { uid, gid } = owner ?? node;
    return { path, kind, mode: changed, uid, gid, size, target, content, inode };
  };
  if (source.node.kind === 'directory') {
    placement.makeDirectory(real, parents);
    const prefix = real === '' ? '' : `${real}/`;
    // Files that keep their path share its text.
    const pathOf = (child: FileNode): string =>
      real === source.directory ? child.path : prefix + pathWithin(source.directory, child);
    for (const child of source.below) placement.put(change(child, pathOf(child)));
    return;
  }
  const inside = intoDirectory || placement.kindAt(real) === 'directory';
  placement.makeDirectory(inside ? real : parentOf(real), parents);
  placement.put(change(source.node, inside ? placement.resolve(imagePath(real, source.name)) : real));
}

/** An archive keeps its permissions whatever `--chmod` says, as in Docker. */
function placeArchive(
  placement: FilePlacement,
  plan: PlannedCopy,
  nodes: readonly FileNode[],
  owner: Owner | undefined,
): void {
  const real = placement.resolve(plan.destination);
  placement.makeDirectory(real, { ...parentAttributes(plan, owner), mode: 0o755 });
  for (const node of nodes) {
    if (node.path !== '') placement.put({ ...node, ...owner, path: imagePath(real, node.path) }, true);
  }
}

function parentAttributes({ mode }: PlannedCopy, owner: Owner | undefined): ParentAttributes {
  return { uid: owner?.uid ?? 0, gid: owner?.gid ?? 0, mode: mode.parentMode };
}

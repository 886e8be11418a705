import type { FileTree } from './file-tree.js';
import { imagePath } from './image-path.js';
import { makeLayer, type Layer, type LayerOptions } from './layer.js';
import { parseOwner, resolveOwner } from './owner.js';
import { FilePlacement } from './place-files.js';
import { readText } from './read-text.js';

export interface WorkdirRequest {
  readonly line: number;
  /** Absolute. */
  readonly path: string;
  /** What USER says at this point: the directory becomes theirs, as in BuildKit. */
  readonly user?: string | undefined;
  readonly target: FileTree;
}

/**
 * The layer of a WORKDIR: the directories that are missing, 0755; undefined where there are none. One that exists keeps owner and
 * permissions, so the base image must be listed unless this build made the directory itself.
 * @throws UsageError COPY_TARGET_CONFLICT, COPY_OWNER_INVALID
 * @throws SlipwayError as `FileTree.whole`
 */
export async function workdirLayer(request: WorkdirRequest, options: LayerOptions): Promise<Layer | undefined> {
  const place = { line: request.line, instruction: 'WORKDIR' };
  const { target } = request;
  const path = imagePath(request.path);
  if (target.own().get(target.own().resolve(path) ?? path)?.kind === 'directory') return undefined;
  const tree = await target.whole(options.signal);
  const placement = new FilePlacement(place, tree, true);
  const real = placement.resolve(path);
  if (placement.kindAt(real) === 'directory') return undefined;
  const owner =
    request.user === undefined || request.user === ''
      ? { uid: 0, gid: 0 }
      : await resolveOwner(place, parseOwner(place, request.user), tree, (file) =>
          readText(file, options.cacheFolder, options.signal),
        );
  placement.makeDirectory(real, { ...owner, mode: 0o755 });
  return makeLayer(placement.nodes, options);
}

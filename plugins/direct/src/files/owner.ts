import { copyError, type InstructionPlace } from './files-error.js';
import type { FileNode } from './file-node.js';
import type { FilesByPath } from './files-by-path.js';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The text of `--chown` or USER, parted. */
export interface OwnerText {
  readonly user: string;
  readonly group: string | undefined;
}

const numeric = /^\d+$/;
const largestId = 2 ** 32 - 2;

/** @throws UsageError COPY_OWNER_INVALID */
export function parseOwner(place: InstructionPlace, text: string): OwnerText {
  const [user = '', group, ...more] = text.split(':');
  const numbers = [user, group ?? ''].filter((part) => numeric.test(part)).map(Number);
  if (user === '' || group === '' || more.length > 0 || numbers.some((id) => id > largestId)) {
    const fix = 'Write a user, or a user and a group, by name or number: --chown=app:app, --chown=1000:1000.';
    throw copyError(place, 'COPY_OWNER_INVALID', `has the owner '${text}', which is none.`, fix);
  }
  return { user, group };
}

/** The owner where its numbers stand in the text: a user without a group has the group of the same number, as in Docker. */
export function numericOwner({ user, group }: OwnerText): Owner | undefined {
  if (!numeric.test(user) || !numeric.test(group ?? user)) return undefined;
  return { uid: Number(user), gid: Number(group ?? user) };
}

/**
 * Looks names up in the image's /etc/passwd and /etc/group. Docker takes an unknown name for root without a word; here it is refused,
 * but for `root` itself.
 * @param read the text of a file of the tree
 * @throws UsageError COPY_OWNER_INVALID
 */
export async function resolveOwner(
  place: InstructionPlace,
  owner: OwnerText,
  tree: FilesByPath,
  read: (file: FileNode) => Promise<string>,
): Promise<Owner> {
  const known = numericOwner(owner);
  if (known !== undefined) return known;
  const lines = async (path: string): Promise<string[][]> => {
    const file = tree.get(tree.resolve(path) ?? path);
    const text = file?.kind === 'file' ? await read(file) : '';
    return text.split('\n').map((line) => line.trim().split(':'));
  };
  const entryOf = async (kind: string, name: string, path: string): Promise<string[]> => {
    const entry = (await lines(path)).find(([first]) => first === name);
    if (entry !== undefined) return entry;
    // The one name that needs nobody to know it.
    if (name === 'root') return [name, '', '0', '0'];
    throw unknown(kind, name, path);
  };
  const unknown = (kind: string, name: string, path: string): Error => {
    const number = place.instruction === 'WORKDIR' ? 'USER 1000' : '--chown=1000:1000';
    const fix = `Write the number, which needs no base image to be read: ${number}.`;
    const problem = `has the ${kind} '${name}', which /${path} of the image does not know.`;
    return copyError(place, 'COPY_OWNER_INVALID', problem, fix);
  };

  let uid = Number(owner.user);
  let gid = uid;
  if (!numeric.test(owner.user)) {
    const entry = await entryOf('user', owner.user, 'etc/passwd');
    uid = Number(entry[2]);
    gid = Number(entry[3]);
  }
  if (owner.group !== undefined && numeric.test(owner.group)) gid = Number(owner.group);
  else if (owner.group !== undefined) gid = Number((await entryOf('group', owner.group, 'etc/group'))[2]);
  if (!Number.isInteger(uid) || !Number.isInteger(gid)) throw unknown('owner', owner.user, 'etc/passwd');
  return { uid, gid };
}

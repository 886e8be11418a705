import { copyError, type InstructionPlace } from './files-error.js';

/** What `--chmod` makes of the permissions of a file or directory. */
export interface ModeChange {
  apply(mode: number, directory: boolean): number;
  /** Of directories that are made on the way to the destination: those of an octal mode, less its special bits, as in Docker. */
  readonly parentMode: number;
}

const keepMode: ModeChange = { apply: (mode) => mode, parentMode: 0o755 };
const clause = /^([ugoa]*)((?:[-+=][rwxXst]*)+)$/;
const action = /([-+=])([rwxXst]*)/g;
const bits: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111 };
const whoBits: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 };

/**
 * Octal up to 7777, or symbolic as chmod(1) takes it, with no umask.
 * @throws UsageError COPY_MODE_INVALID
 */
export function parseChmod(place: InstructionPlace, text: string | undefined): ModeChange {
  if (text === undefined || text === '') return keepMode;
  if (/^[0-7]+$/.test(text) && Number.parseInt(text, 8) <= 0o7777) {
    const mode = Number.parseInt(text, 8);
    return { apply: () => mode, parentMode: mode & 0o777 };
  }
  const clauses = text.split(',').map((part) => clause.exec(part));
  if (clauses.some((match) => match === null)) {
    const fix = 'Write an octal number up to 7777, as in --chmod=755, or a symbolic form, as in --chmod=u=rwX,go=rX.';
    throw copyError(place, 'COPY_MODE_INVALID', `has a --chmod=${text} that is no mode.`, fix);
  }
  const parsed = clauses.map((match) => ({ who: match?.[1] ?? '', actions: match?.[2] ?? '' }));
  return {
    apply: (mode, directory) => parsed.reduce((now, part) => change(now, part, directory), mode),
    parentMode: 0o755,
  };
}

function change(mode: number, { who, actions }: { who: string; actions: string }, directory: boolean): number {
  const mask = [...(who || 'a')].reduce((sum, letter) => sum | (whoBits[letter] ?? 0), 0);
  let result = mode;
  for (const [, operator, letters = ''] of actions.matchAll(action)) {
    let wanted = 0;
    for (const letter of letters) {
      if (letter === 'X') wanted |= directory || (result & 0o111) !== 0 ? 0o111 : 0;
      else if (letter === 's') wanted |= 0o6000;
      else if (letter === 't') wanted |= 0o1000;
      else wanted |= bits[letter] ?? 0;
    }
    if (operator === '+') result |= wanted & mask;
    else if (operator === '-') result &= ~(wanted & mask);
    else result = (result & ~mask) | (wanted & mask);
  }
  return result;
}

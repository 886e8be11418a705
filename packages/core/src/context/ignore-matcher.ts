import { compileIgnorePattern, type IgnorePattern } from './ignore-pattern.js';

/** What the patterns say of one path. Handed on to the paths below it, so that each is matched against its own name only once. */
export interface IgnoreMatch {
  /** Whether the path is left out. */
  readonly ignored: boolean;
  /** By pattern: whether it matches the path or one of its parents. */
  readonly matched: readonly boolean[];
}

/** Matches paths against the patterns of a `.dockerignore` file as Docker does: of the patterns that match a path or a parent, the last decides. */
export class IgnoreMatcher {
  private readonly patterns: readonly IgnorePattern[];
  private readonly none: IgnoreMatch;

  /** @throws UsageError DOCKERIGNORE_PATTERN_INVALID */
  constructor(patterns: readonly string[]) {
    this.patterns = patterns.map(compileIgnorePattern).filter((pattern) => pattern !== undefined);
    this.none = { matched: this.patterns.map(() => false), ignored: false };
  }

  /**
   * @param path relative to the context, with `/`
   * @param parent the match of the directory that the path is in; none for what lies in the context directory itself
   * @returns the parent's where no more patterns match than do there, as for nearly all paths
   */
  match(path: string, parent: IgnoreMatch = this.none): IgnoreMatch {
    let matched: boolean[] | undefined;
    for (let index = 0; index < this.patterns.length; index++) {
      if (parent.matched[index] === true || this.patterns[index]?.matches(path) !== true) continue;
      matched ??= [...parent.matched];
      matched[index] = true;
    }
    if (matched === undefined) return parent;
    const last = matched.lastIndexOf(true);
    return { matched, ignored: last >= 0 && this.patterns[last]?.exception === false };
  }

  /** False where nothing below an ignored directory can be kept, so that nobody needs to look into it. */
  mayKeepBelow(directory: string, match: IgnoreMatch): boolean {
    const last = match.matched.lastIndexOf(true);
    return this.patterns.some(
      (pattern, index) => index > last && pattern.exception && pattern.mayMatchBelow(directory),
    );
  }

  /** Whether a path is left out, by a pattern that matches it or any of its parents. */
  ignores(path: string): boolean {
    let match: IgnoreMatch | undefined;
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      match = this.match(path.slice(0, slash), match);
    }
    return this.match(path, match).ignored;
  }
}

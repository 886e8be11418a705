import { dockerfileError } from './dockerfile-error.js';
import type { EscapeCharacter } from './dockerfile.js';

/** The `# name=value` lines at the very top. The first line that is none ends them; what follows is a comment. */
export class ParserDirectives {
  private readonly values = new Map<string, string>();
  private done = false;

  get escape(): EscapeCharacter {
    return this.values.get('escape') === '`' ? '`' : '\\';
  }

  get syntax(): string | undefined {
    return this.values.get('syntax');
  }

  read(line: string, lineNumber: number): void {
    if (this.done) return;
    const [, word, value] = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line) ?? [];
    const name = word?.toLowerCase();
    if (name === undefined || value === undefined || !['escape', 'syntax', 'check'].includes(name)) {
      this.done = true;
      return;
    }
    if (this.values.has(name)) {
      throw dockerfileError(lineNumber, `the directive '${name}' stands here again.`, 'Keep one of them.');
    }
    if (name === 'escape' && value !== '\\' && value !== '`') {
      throw dockerfileError(lineNumber, `'${value}' cannot be the escape character.`, 'Take \\ or a backtick.');
    }
    this.values.set(name, value);
  }
}

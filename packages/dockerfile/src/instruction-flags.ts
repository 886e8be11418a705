import { suggestion } from '@slipway/core';
import { dockerfileError } from './dockerfile-error.js';
import type { EscapeCharacter } from './dockerfile.js';

/** What a flag takes: a text, a text any number of times, or true and false. */
export type FlagType = 'text' | 'texts' | 'boolean';

/** Splits the `--flags` at the start of an instruction's arguments from the rest. Quotes and escapes in them are taken off. */
export function splitFlags(text: string, escape: EscapeCharacter): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++;
    if (!text.startsWith('--', at)) return { flags, rest: text.slice(at).trim() };
    let flag = '';
    let quote = '';
    for (; at < text.length; at++) {
      const letter = text.charAt(at);
      if (letter === escape) flag += text.charAt(++at);
      else if (quote !== '' && letter === quote) quote = '';
      else if (quote === '' && (letter === '"' || letter === "'")) quote = letter;
      else if (quote === '' && /\s/.test(letter)) break;
      else flag += letter;
    }
    if (flag === '--') return { flags, rest: text.slice(at).trim() };
    flags.push(flag);
  }
}

/** The flags of one instruction, checked against those that it knows. */
export class InstructionFlags {
  private readonly values = new Map<string, string[]>();

  constructor(instruction: string, line: number, known: Readonly<Record<string, FlagType>>, flags: readonly string[]) {
    for (const flag of flags) {
      const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(flag) ?? [];
      const type = Object.hasOwn(known, name) ? known[name] : undefined;
      if (type === undefined) {
        const fix = suggestion(name, Object.keys(known))?.replaceAll(/'([^']+)'/g, "'--$1'");
        throw dockerfileError(
          line,
          `${instruction} has no flag '--${name}'.`,
          fix ?? `Remove it: ${instruction} has no flags.`,
        );
      }
      const earlier = this.values.get(name);
      if (earlier !== undefined && type !== 'texts') {
        throw dockerfileError(line, `the flag '--${name}' stands twice.`, 'Keep one of them.');
      }
      if (type === 'boolean' ? value !== undefined && !/^(true|false)$/i.test(value) : value === undefined) {
        const right = type === 'boolean' ? `--${name}, --${name}=true or --${name}=false` : `--${name}=VALUE`;
        throw dockerfileError(line, `the flag '${flag}' cannot be read.`, `Write ${right}.`);
      }
      this.values.set(name, [...(earlier ?? []), value ?? 'true']);
    }
  }

  /** The text of the flag, undefined where it is absent or empty. */
  text(name: string): string | undefined {
    return this.values.get(name)?.[0] || undefined;
  }

  texts(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  boolean(name: string): boolean | undefined {
    const value = this.values.get(name)?.[0];
    return value === undefined ? undefined : value.toLowerCase() === 'true';
  }
}

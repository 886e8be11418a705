import { readProjectFile } from '../project/project-file.js';
import { nearest, suggestion } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';
import { getStack } from '../store/find.js';
import type { StackRecord, StoreDocument } from '../store/store-document.js';

/** What decided which stack is active: `--stack`, `SLIPWAY_STACK`, the project's `slipway.yaml`, or the user's setting. */
export type StackOrigin = 'option' | 'environment' | 'project' | 'user';

/** The name of the active stack, and what decided it. */
export interface ActiveStack {
  readonly name: string;
  readonly origin: StackOrigin;
  /** Of the project's file, where that decided. */
  readonly path?: string;
}

export interface ActiveStackOptions {
  /** The name that stands above all. */
  readonly stack?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** From where the project's file is looked for, upward. */
  readonly workingDirectory: string;
}

/** Knows which stack is active: the first that is named by an option, the environment, the project, the user. */
export class ActiveStackResolver {
  constructor(private readonly options: ActiveStackOptions) {}

  /**
   * Does not look whether the stack is there.
   * @throws UsageError `PROJECT_FILE_INVALID`; SlipwayError `PROJECT_FILE_UNREADABLE`
   */
  async resolve(document: StoreDocument): Promise<ActiveStack> {
    const { stack, environment, workingDirectory } = this.options;
    if (stack !== undefined) return { name: stack, origin: 'option' };
    const fromEnvironment = environment['SLIPWAY_STACK'];
    if (fromEnvironment) return { name: fromEnvironment, origin: 'environment' };
    const project = await readProjectFile(workingDirectory);
    if (project?.stack !== undefined) return { name: project.stack, origin: 'project', path: project.path };
    return { name: document.active_stack, origin: 'user' };
  }

  /**
   * @param name the active stack unless given
   * @throws UsageError `UNKNOWN_STACK`, which says where the name came from, and those of `resolve`
   */
  async getStack(document: StoreDocument, name?: string): Promise<StackRecord> {
    if (name !== undefined) return getStack(document, name);
    const active = await this.resolve(document);
    const record = document.stacks.find((stack) => stack.name === active.name);
    if (record !== undefined) return record;
    const names = document.stacks.map((stack) => stack.name);
    throw new UsageError({
      code: 'UNKNOWN_STACK',
      message: `There is no stack '${active.name}', which ${sourceOf(active)} names.`,
      reason: suggestion(active.name, names),
      fix: capital(howToChange(active, nearest(active.name, names) ?? names[0])),
    });
  }
}

/** What names the stack, for messages: `SLIPWAY_STACK`, `/app/slipway.yaml`. */
export function sourceOf({ origin, path }: ActiveStack): string {
  switch (origin) {
    case 'option':
      return '--stack';
    case 'environment':
      return 'SLIPWAY_STACK';
    case 'project':
      return path ?? '';
    case 'user':
      return 'your setting';
  }
}

/**
 * How another stack is made the active one: a command, or what to change.
 * @param name of a stack that there is
 */
export function howToChange(active: ActiveStack, name = 'default'): string {
  switch (active.origin) {
    case 'option':
      return `name another: --stack=${name}`;
    case 'environment':
      return `unset SLIPWAY_STACK, or name another there: export SLIPWAY_STACK=${name}`;
    case 'project':
      return `name another in ${sourceOf(active)}, such as \`stack: ${name}\``;
    case 'user':
      return `slipway stack set ${name}`;
  }
}

function capital(text: string): string {
  return text.startsWith('slipway') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

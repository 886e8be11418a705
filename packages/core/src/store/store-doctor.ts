import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { componentType } from '../contracts/component-types.js';
import type { DoctorCheck } from '../contracts/doctor.js';
import { SlipwayError } from '../errors/slipway-error.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import type { SecretDocument } from '../secrets/secret-document.js';
import type { SecretResolver } from '../secrets/secret-resolver.js';
import type { DocumentFile } from './document-file.js';
import { leftoversOf, takeLock } from './lock.js';
import { readPrevious, restorePrevious } from './previous-document.js';
import type { StoreDocument } from './store-document.js';

/** What `repair` did, and how the store is now. */
export interface StoreRepair {
  /** One sentence each. */
  readonly repaired: readonly string[];
  readonly checks: readonly DoctorCheck[];
}

const repairCommand = 'slipway doctor store --repair';

/** Looks at the files that registrations and secrets are kept in, and mends what can be mended without losing anything. */
export class StoreDoctor {
  constructor(
    private readonly store: DocumentFile<StoreDocument>,
    private readonly secrets: DocumentFile<SecretDocument>,
    private readonly resolver: SecretResolver,
    private readonly flavors: FlavorRegistry,
  ) {}

  /** What is wrong is a check that failed, never an error. Nothing is changed. */
  async check(): Promise<readonly DoctorCheck[]> {
    const store = await this.#checkDocument(
      'store',
      this.store,
      ({ components, stacks }) => `${counted(components, 'component')} and ${counted(stacks, 'stack')}`,
    );
    const secrets = await this.#checkDocument('secrets', this.secrets, (document) =>
      counted(document.secrets, 'secret'),
    );
    const readable = store.outcome === 'ok' && secrets.outcome === 'ok';
    return [
      store,
      secrets,
      ...(await this.#checkPermissions()),
      ...(await this.#checkLeftovers()),
      ...(store.outcome === 'ok' ? await this.#checkFlavors() : []),
      ...(readable ? await this.#checkReferences() : []),
    ];
  }

  /**
   * Goes back to the document before the last change where that of now is broken, and keeps the broken one; takes permissions from
   * others; removes what killed processes left.
   * @throws SlipwayError `STORE_UNWRITABLE`
   */
  async repair(): Promise<StoreRepair> {
    const repaired: string[] = [];
    try {
      repaired.push(...(await restorePrevious(this.store)), ...(await restorePrevious(this.secrets)));
      for (const { path, mode } of await this.#exposed()) {
        await chmod(path, mode);
        repaired.push(`${path} is for you alone now.`);
      }
      for (const file of [this.store, this.secrets]) {
        const leftovers = await leftoversOf(file.path);
        if (leftovers.length === 0) continue;
        // Whoever takes the lock tidies up.
        await (await takeLock(file.path)).release();
        repaired.push(...leftovers.map((path) => `${path}, which a killed process left, is removed.`));
      }
    } catch (error) {
      if (SlipwayError.is(error)) throw error;
      throw new SlipwayError({
        code: 'STORE_UNWRITABLE',
        message: `The store in ${this.store.directory} cannot be repaired.`,
        reason: error instanceof Error ? error.message : undefined,
        fix: 'Check who owns the folder and its files.',
        cause: error,
      });
    }
    return { repaired, checks: await this.check() };
  }

  async #checkDocument<Document extends object>(
    id: string,
    file: DocumentFile<Document>,
    contents: (document: Document) => string,
  ): Promise<DoctorCheck> {
    try {
      const document = await file.read();
      return { id, outcome: 'ok', message: `The ${file.kind.title} ${file.path} has ${contents(document)}.` };
    } catch (error) {
      if (!SlipwayError.is(error)) throw error;
      const { code, message, reason } = error;
      const failure = { id, outcome: 'failure', message, reason, code } as const;
      if (code !== 'STORE_BROKEN') return { ...failure, fix: error.fix };
      const previous = await readPrevious(file);
      if (previous === undefined) {
        return {
          ...failure,
          fix: `Mend the file, or move it away to begin afresh: mv '${file.path}' '${file.path}.broken'`,
        };
      }
      const kept = `A copy of ${previous.at} is kept: it has ${contents(previous.document)}.`;
      return { ...failure, reason: `${reason ?? ''} ${kept}`, fix: repairCommand };
    }
  }

  async #checkPermissions(): Promise<readonly DoctorCheck[]> {
    const exposed = await this.#exposed();
    if (exposed.length === 0)
      return [{ id: 'store-permissions', outcome: 'ok', message: 'Nobody else may read the files.' }];
    return exposed.map(({ path }) => ({
      id: 'store-permissions',
      outcome: 'warning',
      message: `Others may read or change ${path}.`,
      fix: repairCommand,
    }));
  }

  async #checkLeftovers(): Promise<readonly DoctorCheck[]> {
    const leftovers = [...(await leftoversOf(this.store.path)), ...(await leftoversOf(this.secrets.path))];
    return leftovers.map((path) => ({
      id: 'store-leftovers',
      outcome: 'warning',
      message: `A process that was killed left ${path}.`,
      reason: 'It harms nothing; the next change removes it.',
      fix: repairCommand,
    }));
  }

  async #checkFlavors(): Promise<readonly DoctorCheck[]> {
    const { components } = await this.store.read();
    return components
      .filter(({ type, flavor }) => this.flavors.find(type, flavor) === undefined)
      .map(({ type, flavor, name }) => ({
        id: 'store-flavors',
        outcome: 'warning',
        message: `No plugin brings the flavor '${flavor}' of the ${componentType(type).title} '${name}'.`,
        fix: `Add the plugin that brings it, or delete the component: slipway ${componentType(type).command} delete ${name}`,
        code: 'UNKNOWN_FLAVOR',
      }));
  }

  async #checkReferences(): Promise<readonly DoctorCheck[]> {
    const { components } = await this.store.read();
    const missing = await this.resolver.missing(components);
    return missing.map(({ code, message, reason, fix }) => ({
      id: 'secret-references',
      outcome: 'warning',
      message,
      reason,
      fix,
      code,
    }));
  }

  /** The files that others than their owner may read, and their folder where others may write, with the permissions they should have. */
  async #exposed(): Promise<readonly { readonly path: string; readonly mode: number }[]> {
    if (process.platform === 'win32') return [];
    const folder = this.store.directory;
    const names = await readdir(folder).catch(() => []);
    const files = names.filter((name) =>
      [this.store, this.secrets].some(({ kind }) => name.startsWith(`${kind.file}`)),
    );
    const wanted = [[folder, 0o755], ...files.map((name) => [join(folder, name), 0o700] as const)] as const;
    const exposed: { path: string; mode: number }[] = [];
    for (const [path, most] of wanted) {
      const mode = await stat(path).then(
        (found) => found.mode & 0o777,
        () => 0,
      );
      if ((mode & ~most) !== 0) exposed.push({ path, mode: mode & most });
    }
    return exposed;
  }
}

/** `1 stack`, `2 stacks`. */
function counted({ length }: readonly unknown[], noun: string): string {
  return `${length} ${noun}${length === 1 ? '' : 's'}`;
}

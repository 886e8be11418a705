import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@slipway/core';

import type { Descriptor } from '../content/descriptor.js';
import { isRecord, parseImageIndex, parseJson } from '../content/parse-manifest.js';
import { layoutInvalid, layoutUnwritable } from './layout-problem.js';
import { replaceExclusively } from './replace-exclusively.js';

/** The annotation that holds a tag. */
export const referenceName = 'org.opencontainers.image.ref.name';

const emptyIndex = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] };

/** The file `index.json` of a layout: what the layout offers, and under which tags. */
export class LayoutIndex {
  readonly #directory: string;
  readonly #path: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, 'index.json');
  }

  /** @throws SlipwayError `LAYOUT_INVALID` */
  async descriptors(): Promise<readonly Descriptor[]> {
    const text = await this.#read();
    if (text === undefined) throw layoutInvalid(this.#directory, 'It has no file index.json.');
    return this.#parse(text).manifests;
  }

  /** Writes an index without images where there is none. */
  async create(): Promise<void> {
    if ((await this.#read()) === undefined) await this.#replace((text) => text ?? JSON.stringify(emptyIndex));
  }

  /** Lets the tags point to the descriptor, and nothing else; other entries stay as they are. */
  async tag(descriptor: Descriptor, tags: readonly string[]): Promise<void> {
    const added = tags.map((tag) => ({ ...descriptor, annotations: { [referenceName]: tag } }));
    await this.#replace((text) => {
      const { index, manifests } = text === undefined ? { index: emptyIndex, manifests: [] } : this.#parse(text);
      const kept = manifests.filter(({ annotations }) => !tags.includes(annotations?.[referenceName] ?? ''));
      return JSON.stringify({ ...index, manifests: [...kept, ...added] });
    });
  }

  async #replace(change: (text: string | undefined) => string): Promise<void> {
    // What is wrong with the file is told as it is, unlike what is wrong with writing it.
    let refusal: unknown;
    try {
      await replaceExclusively(this.#path, async () => {
        try {
          return change(await this.#read());
        } catch (error) {
          refusal = error;
          throw error;
        }
      });
    } catch (error) {
      throw refusal ?? layoutUnwritable(this.#directory, error);
    }
  }

  async #read(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw layoutInvalid(this.#directory, 'Its index.json cannot be read.', error);
    }
  }

  /** The whole document, for what is not known here to stay in it. */
  #parse(text: string): { index: Record<string, unknown>; manifests: readonly Descriptor[] } {
    const bytes = Buffer.from(text);
    const index = parseJson(bytes);
    if (!isRecord(index)) throw layoutInvalid(this.#directory, 'Its index.json is not JSON, or not an object.');
    if (index['schemaVersion'] !== 2) throw layoutInvalid(this.#directory, 'Its index.json is not of schemaVersion 2.');
    const manifests = parseImageIndex(bytes)?.manifests;
    if (manifests !== undefined) return { index, manifests };
    throw layoutInvalid(this.#directory, 'Its index.json has no list of descriptors, or one that is not valid.');
  }
}

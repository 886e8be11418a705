import { UsageError } from '@slipway/core';

import { canonicalHost, dockerHub } from './grammar.js';
import { formatParts, isHost, splitRest, withLibrary, type ReferenceParts } from './reference-parts.js';
import { referenceProblem } from './reference-problem.js';

/** A valid `registry/repository[:tag][@digest]`. Immutable; what `toString` writes, `parse` reads as the same reference. */
export class ImageReference implements ReferenceParts {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;

  private constructor(parts: ReferenceParts) {
    this.registry = parts.registry;
    this.repository = parts.repository;
    this.tag = parts.tag;
    this.digest = parts.digest;
  }

  /**
   * Reads a reference as Docker does: without a registry it is Docker Hub's, and a single name there is in `library`. Nothing is
   * added where the tag is missing.
   *
   * @throws UsageError `INVALID_REFERENCE`, saying what is wrong and at which character.
   */
  static parse(text: string): ImageReference {
    const slash = text.indexOf('/');
    const first = text.slice(0, Math.max(slash, 0));
    const parts = isHost(first)
      ? { registry: first, ...splitRest(text.slice(slash + 1)) }
      : { registry: dockerHub, ...splitRest(text) };
    return ImageReference.of(parts, text);
  }

  /**
   * A reference of these parts, with Docker Hub's defaults.
   *
   * @param written how a person wrote it, for the error to speak of
   * @throws UsageError `INVALID_REFERENCE`.
   */
  static of(parts: ReferenceParts, written = formatParts(parts)): ImageReference {
    const whole = withLibrary({ ...parts, registry: canonicalHost(parts.registry) });
    const problem = referenceProblem(written, parts) ?? referenceProblem(written, whole);
    if (problem === undefined) return new ImageReference(whole);
    throw new UsageError({ code: 'INVALID_REFERENCE', message: `'${written}' is not an image reference.`, ...problem });
  }

  /** `registry/repository`. */
  get name(): string {
    return `${this.registry}/${this.repository}`;
  }

  withTag(tag: string): ImageReference {
    return ImageReference.of({ ...this, tag });
  }

  /** The same reference, pinned: the tag stays, for people to read. */
  withDigest(digest: string): ImageReference {
    return ImageReference.of({ ...this, digest });
  }

  toString(): string {
    return formatParts(this);
  }

  toJSON(): string {
    return this.toString();
  }
}

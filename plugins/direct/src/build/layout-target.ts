import { UsageError } from '@slipway/core';
import { ImageReference, OciLayout } from '@slipway/oci';
import type { Destination, ImageTarget } from './image-target.js';

/** A folder of this machine, for stacks without a registry: an OCI layout, each image under its whole `name:tag`. */
export class LayoutTarget implements ImageTarget {
  readonly title: string;
  readonly tags: readonly string[];
  readonly home = undefined;

  /**
   * @param folder absolute
   * @throws UsageError `MISSING_TAG`, `INVALID_REFERENCE`
   */
  constructor(
    private readonly folder: string,
    tags: readonly string[],
  ) {
    if (tags.length === 0) {
      throw new UsageError({
        code: 'MISSING_TAG',
        message: 'Nothing says under which name the image is to be written.',
        fix: "Name it with '-t NAME:TAG'.",
      });
    }
    this.tags = [...new Set(tags.map(withTag))];
    this.title = `Writing to ${folder}`;
  }

  async open(): Promise<readonly Destination[]> {
    return [{ content: await OciLayout.create(this.folder), tags: this.tags }];
  }

  /** As skopeo and podman write it (`oci:FOLDER:NAME:TAG`), and behind it the digest. */
  reference(tag: string, digest: string): string {
    return `oci:${this.folder}:${tag}@${digest}`;
  }

  close(): void {
    // Nothing of a layout stays open.
  }
}

function withTag(text: string): string {
  const { tag, digest } = ImageReference.parse(text);
  if (digest !== undefined) {
    throw new UsageError({
      code: 'INVALID_REFERENCE',
      message: `'${text}' cannot be the name of a new image.`,
      reason: 'It has a digest, and the digest of an image is known only once it is built.',
      fix: `Write '${text.slice(0, text.indexOf('@'))}'.`,
    });
  }
  return tag === undefined ? `${text}:latest` : text;
}

import { retold, SlipwayError, UsageError } from '@slipway/core';
import type { ImageSource } from '@slipway/dockerfile';
import { formatPlatform, type ImageReference, type Platform } from '@slipway/oci';

/** Which image was asked for, and where. */
export interface BaseImageRequest {
  readonly reference: ImageReference;
  readonly platform: Platform;
  /** Of the instruction that names it. */
  readonly line: number;
}

export function imageNotFound({ reference, line }: BaseImageRequest): UsageError {
  return new UsageError({
    code: 'IMAGE_NOT_FOUND',
    message: `Dockerfile line ${line}: there is no image ${reference.toString()}.`,
    reason: 'Its registry does not know it, or does not show it to you.',
    fix: 'Check the name, and log in where the image is private: docker login HOST',
  });
}

/** @param reason a sentence */
export function baseImageInvalid({ reference, line }: BaseImageRequest, reason: string): SlipwayError {
  return new SlipwayError({
    code: 'BASE_IMAGE_INVALID',
    message: `Dockerfile line ${line}: ${reference.toString()} is no image that can be built upon.`,
    reason,
    fix: 'Name a container image after FROM and COPY --from.',
  });
}

const login = ({ registry }: ImageReference): string =>
  `Log in with an account that may pull it: docker login ${registry}`;

const foreignFixes: Readonly<Record<string, (reference: ImageReference) => string>> = {
  REGISTRY_UNAUTHORIZED: login,
  REGISTRY_DENIED: login,
  REGISTRY_CERTIFICATE_UNTRUSTED: () => 'Name the authority in the environment: NODE_EXTRA_CA_CERTS=ca.crt',
  REGISTRY_SPEAKS_HTTP: ({ registry }) =>
    `Use an image of another registry, or make ${registry} the container registry of the stack.`,
};

/**
 * What went wrong with an image in terms of the Dockerfile.
 * @param isForeign whether its registry is no component of the stack: then nothing can be mended at one
 */
export function baseImageError(error: unknown, request: BaseImageRequest, isForeign: boolean): unknown {
  if (!SlipwayError.is(error)) return error;
  const { reference, platform, line } = request;
  const { code, reason } = error;
  if (code === 'PLATFORM_NOT_FOUND') {
    const message = `Dockerfile line ${line}: ${reference.toString()} has no image for ${formatPlatform(platform)}.`;
    return new UsageError({ code, message, reason, fix: 'Build for one of its platforms: --platform=OS/ARCHITECTURE' });
  }
  if (code === 'MANIFEST_UNSUPPORTED') return baseImageInvalid(request, reason ?? error.message);
  const fix = isForeign ? foreignFixes[code]?.(reference) : undefined;
  return fix === undefined ? error : retold(error, { fix });
}

/**
 * An error about an image, with the line that names it. Where a stage has nearly that name it is the first thing to look at: the image of
 * a mistyped stage is searched for in Docker Hub, which the author of the Dockerfile had not in mind at all.
 */
export function namedInDockerfile(error: unknown, { reference, nearStage }: ImageSource, line: number): unknown {
  if (!SlipwayError.is(error)) return error;
  const named = `Line ${line} of the Dockerfile names the image '${reference}'.`;
  const reasons = [
    ...(error.message.startsWith('Dockerfile line') ? [] : [named]),
    ...(error.reason ? [error.reason] : []),
  ];
  const fixes = [
    ...(nearStage === undefined ? [] : [`Did you mean the stage '${nearStage}'? If the image is meant:`]),
    ...(error.fix ? [error.fix] : []),
  ];
  return retold(error, { reason: reasons.join(' '), fix: fixes.join(' ') });
}

import { type BuildRequest, UsageError } from '@slipway/core';
import type { ImageReference } from '@slipway/oci';
import { jobName } from '../manifest/build-names.js';
import { requestedPlatforms } from './requested-platforms.js';

/** One platform's part of a build for several: a build of its own, whose image becomes part of their index. */
export interface PlatformPart {
  /** `os/architecture[/variant]`. */
  readonly platform: string;
  /** The build's id with the architecture: `nightly-arm64`. */
  readonly id: string;
  readonly request: BuildRequest;
}

// What labels of pods can hold, and a Job's pods carry its name in one.
const longestName = 63;

/**
 * The parts of a build, in the order of the platforms. An image must have a tag to be pushed, and an index names its images by digest in
 * its own repository: so each part is pushed under one tag in each repository, that of the first tag there with the platform. A later
 * build of the same tag takes the same, so that they do not grow in number.
 * @param id of the whole build
 * @throws UsageError `INVALID_PLATFORM`, `INVALID_BUILD_ID`, `INVALID_REFERENCE`
 */
export function platformParts(
  id: string,
  request: BuildRequest,
  tags: readonly ImageReference[],
): readonly PlatformPart[] {
  const firsts = [...new Map(tags.toReversed().map((tag) => [tag.name, tag])).values()].toReversed();
  return requestedPlatforms(request).map((platform) => {
    const partId = `${id}-${nameOf(platform.replace(/^linux\//, ''))}`;
    if (jobName(partId).length > longestName) throw tooLong(id, partId);
    return {
      platform,
      id: partId,
      request: {
        ...request,
        platforms: [platform],
        tags: firsts.map((tag) => tag.withTag(`${tag.tag ?? 'latest'}-${nameOf(platform)}`).toString()),
        // An id that nobody chose is not asked for again.
        buildId: request.buildId === undefined ? undefined : partId,
      },
    };
  });
}

/** As a part of names in Kubernetes and of tags. */
function nameOf(platform: string): string {
  return platform.replace(/[^a-z0-9]+/g, '-');
}

function tooLong(id: string, partId: string): UsageError {
  return new UsageError({
    code: 'INVALID_BUILD_ID',
    message: `'${id}' is too long for the id of a build for several platforms.`,
    reason: `Each platform has a Job of its own, and '${jobName(partId)}' has more than ${longestName} characters.`,
    fix: 'Choose a shorter id.',
  });
}

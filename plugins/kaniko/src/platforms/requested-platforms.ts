import type { BuildRequest } from '@slipway/core';
import { formatPlatform, parsePlatforms } from '@slipway/oci';

/**
 * The platforms that are asked for, each once, in their order, as `os/architecture[/variant]`.
 * @throws UsageError `INVALID_PLATFORM`
 */
export function requestedPlatforms({ platforms = [] }: Pick<BuildRequest, 'platforms'>): readonly string[] {
  return parsePlatforms(platforms).map(formatPlatform);
}

/**
 * The platform that is asked for, if one is, of a request that is for no more than one.
 * @throws UsageError `INVALID_PLATFORM`
 */
export function onlyPlatform(request: Pick<BuildRequest, 'platforms'>): string | undefined {
  const [platform, ...others] = requestedPlatforms(request);
  if (others.length === 0) return platform;
  throw new Error('A Job builds for one platform.');
}

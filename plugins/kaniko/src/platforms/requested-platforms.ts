import { type BuildRequest, UsageError } from '@slipway/core';

/**
 * The platforms that are asked for, each once, in their order.
 * @throws UsageError `INVALID_PLATFORM`
 */
export function requestedPlatforms({ platforms = [] }: Pick<BuildRequest, 'platforms'>): readonly string[] {
  const wrong = platforms.find((platform) => !/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/.test(platform));
  if (wrong !== undefined) {
    throw new UsageError({
      code: 'INVALID_PLATFORM',
      message: `'${wrong}' is not a platform.`,
      fix: 'Write OS/ARCHITECTURE, such as linux/amd64 or linux/arm64.',
    });
  }
  return [...new Set(platforms)];
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

import { retold, SlipwayError, UsageError } from '@slipway/core';
import type { PlannedStage } from '@slipway/dockerfile';
import { formatPlatform, machinePlatform, parsePlatform, parsePlatforms, type Platform } from '@slipway/oci';

/**
 * What a build is for: the platforms that are asked for, each once, in order; unless any is, Linux on this machine's processor.
 * @throws UsageError `INVALID_PLATFORM`
 */
export function targetPlatforms(texts: readonly string[] = []): readonly Platform[] {
  return texts.length === 0 ? [machinePlatform()] : parsePlatforms(texts).map(ofLinux);
}

/**
 * What `FROM --platform` names, if it does.
 * @throws UsageError `INVALID_PLATFORM` with the line
 */
export function stagePlatform({ platform, stage }: PlannedStage): Platform | undefined {
  try {
    return platform === undefined ? undefined : ofLinux(parsePlatform(platform));
  } catch (error) {
    if (!SlipwayError.is(error)) throw error;
    throw retold(error, { message: `Dockerfile line ${stage.line}: ${error.message}` });
  }
}

function ofLinux(platform: Platform): Platform {
  if (platform.os === 'linux') return platform;
  throw new UsageError({
    code: 'INVALID_PLATFORM',
    message: `The direct image builder does not build for ${formatPlatform(platform)}.`,
    reason: 'It writes files as Linux keeps them.',
    fix: `Build for Linux: --platform=${formatPlatform({ ...platform, os: 'linux' })}`,
  });
}

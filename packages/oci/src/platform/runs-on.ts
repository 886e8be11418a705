import type { Descriptor, Platform } from '../content/descriptor.js';
import { architectures } from './known-platforms.js';
import { normalizePlatform } from './normalize-platform.js';

/** ARMv9.0 is ARMv8.5 and more, and so on: the one's minor version ends this much behind the other's. */
const minorsBehind = 5;

interface Variant {
  readonly major: number;
  readonly minor: number;
}

/**
 * Whether a machine of this platform runs what was made for that one, by whatever name. It does for the same variant and for earlier ones,
 * as containerd has it: an `arm/v7` runs `arm/v6`, an `amd64/v3` runs `amd64`. Without a variant `arm` is v7, `arm64` is v8, `amd64` is v1.
 * What has no such order, as `ppc64le/power9`, has to be the same. A machine that runs another architecture's programs too is none that
 * anybody asked for.
 */
export function runsOn(machine: Platform, image: Platform): boolean {
  return isAble(normalizePlatform(machine), normalizePlatform(image));
}

function isAble(machine: Platform, image: Platform): boolean {
  if (image.os !== machine.os || image.architecture !== machine.architecture) return false;
  const [able, needed] = [variantOf(machine), variantOf(image)];
  if (able === undefined || needed === undefined) return machine.variant === image.variant;
  if (needed.major === able.major) return needed.minor <= able.minor;
  return needed.major < able.major && (machine.architecture !== 'arm64' || needed.minor <= able.minor + minorsBehind);
}

/** Of images that all run on one machine, the one that makes the most of it; of several that do, the first. */
export function latestVariant(images: readonly Descriptor[]): Descriptor | undefined {
  return images.toSorted((one, other) => rankOf(other) - rankOf(one))[0];
}

function rankOf({ platform }: Descriptor): number {
  const { major = 0, minor = 0 } = (platform && variantOf(normalizePlatform(platform))) ?? {};
  return major * 1000 + minor;
}

/** Undefined for what has no order. */
function variantOf({ architecture, variant }: Platform): Variant | undefined {
  const { implied, assumed } = architectures.get(architecture) ?? {};
  const usual = implied ?? assumed;
  const [, major, minor = '0'] = /^v(\d{1,2})(?:\.(\d{1,2}))?$/.exec((usual && (variant ?? usual)) ?? '') ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

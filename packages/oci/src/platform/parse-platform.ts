import { nearest, UsageError } from '@slipway/core';
import type { Platform } from '../content/descriptor.js';
import { formatPlatform } from './format-platform.js';
import { architectureAliases, architectures, operatingSystems, systemAliases } from './known-platforms.js';
import { machinePlatform } from './machine-platform.js';
import { normalizePlatform } from './normalize-platform.js';

const systems = [...operatingSystems, ...systemAliases.keys()];

/** All that may follow the operating system; the longest first, which is the one to suggest of two that are equally near. */
const processors = [
  ...architectureAliases.keys(),
  ...[...architectures].flatMap(([name, { variants }]) => [name, ...variants.map((variant) => `${name}/${variant}`)]),
].sort((one, other) => other.length - one.length);

/**
 * Reads `os/architecture[/variant]`; without the operating system it is Linux (`arm64`), without the architecture that of this machine's
 * processor (`linux`). Upper and lower case are the same.
 * @returns it as `normalizePlatform` has it
 * @throws UsageError `INVALID_PLATFORM`, with the nearest, where Go has no such operating system, architecture or variant
 */
export function parsePlatform(text: string): Platform {
  const readings = readingsOf(text.trim().split('/'));
  const platform = readings.find((reading) => problemOf(reading) === undefined);
  if (platform !== undefined) return normalizePlatform(platform);
  const [near] = readings.flatMap((reading) => nearestPlatform(reading) ?? []);
  throw new UsageError({
    code: 'INVALID_PLATFORM',
    message: `'${text}' is not a platform.`,
    reason: readings[0] && problemOf(readings[0]),
    fix:
      near === undefined
        ? 'Write OS/ARCHITECTURE, perhaps with a variant: linux/amd64, linux/arm64, linux/arm/v7.'
        : `Did you mean ${formatPlatform(near)}?`,
  });
}

/**
 * The platforms that the texts name, each once, in order.
 * @throws UsageError `INVALID_PLATFORM`
 */
export function parsePlatforms(texts: readonly string[]): Platform[] {
  const platforms = texts.map(parsePlatform);
  return [...new Map(platforms.map((platform) => [formatPlatform(platform), platform])).values()];
}

/** What the parts may mean, the likeliest first; none of it need exist. */
function readingsOf(parts: readonly string[]): Platform[] {
  const [first = '', second, third] = parts;
  if (parts.length > 3 || parts.includes('')) return [];
  const ofLinux = parts.length > 2 ? [] : [{ os: 'linux', architecture: first, ...variantOf(second) }];
  if (second === undefined) return [...ofLinux, { ...machinePlatform(), os: first }];
  return [{ os: first, architecture: second, ...variantOf(third) }, ...ofLinux];
}

/** Why there is no such platform, where there is none. */
function problemOf(written: Platform): string | undefined {
  const { os, architecture, variant } = normalizePlatform(written);
  const known = architectures.get(architecture);
  if (!operatingSystems.includes(os)) return `There is no operating system '${written.os}'.`;
  if (known === undefined) return `There is no architecture '${written.architecture}'.`;
  if (variant === undefined || known.variants.includes(variant)) return undefined;
  return `Variants of ${architecture} are ${known.variants.length === 0 ? 'none' : known.variants.join(', ')}.`;
}

/** Undefined where of one of its parts it is not clear which was meant. */
function nearestPlatform({ os, architecture, variant }: Platform): Platform | undefined {
  const system = nearest(os, systems);
  const processor = nearest(variant === undefined ? architecture : `${architecture}/${variant}`, processors);
  if (system === undefined || processor === undefined) return undefined;
  const [name = '', written] = processor.split('/');
  return normalizePlatform({ os: system, architecture: name, ...variantOf(written) });
}

function variantOf(variant: string | undefined): Pick<Platform, 'variant'> {
  return variant === undefined ? {} : { variant };
}

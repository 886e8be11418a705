import { UsageError } from '@slipway/core';
import { runsOn, type Platform } from '@slipway/oci';

// Other names for the same, which Docker understands too.
const architectures: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  i386: '386',
  // Node's names.
  x64: 'amd64',
  ia32: '386',
  ppc64: 'ppc64le',
};

/**
 * Reads `os/architecture[/variant]`.
 * @throws UsageError `INVALID_PLATFORM`
 */
export function parsePlatform(text: string): Platform {
  const [, os = '', architecture = '', variant] =
    /^([a-z]+)\/([a-z0-9_-]+)(?:\/([a-z0-9.]+))?$/.exec(text.toLowerCase()) ?? [];
  if (os !== 'linux') {
    throw new UsageError({
      code: 'INVALID_PLATFORM',
      message: `'${text}' is no platform that the direct image builder builds for.`,
      reason: os === '' ? undefined : 'It writes files as Linux keeps them.',
      fix: 'Write linux/ARCHITECTURE, perhaps with a variant: linux/amd64, linux/arm64, linux/arm/v7.',
    });
  }
  return normalized(architecture, variant);
}

/** What an image is for unless a platform is named: Linux on the processor of this machine. */
export function machinePlatform(): Platform {
  return normalized(process.arch, undefined);
}

/** Those that are asked for, each once, in order. */
export function requestedPlatforms(texts: readonly string[] | undefined): Platform[] {
  if (texts === undefined || texts.length === 0) return [machinePlatform()];
  const platforms = texts.map(parsePlatform);
  return [...new Map(platforms.map((platform) => [formatPlatform(platform), platform])).values()];
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** Whether what is for the one, by whatever name, can be had for the other: for the same, or for an earlier variant of it. */
export function suits(image: Platform, wanted: Platform): boolean {
  return runsOn(renamed(wanted), renamed(image));
}

function renamed({ os, architecture, variant }: Platform): Platform {
  return { ...normalized(architecture, variant), os };
}

function normalized(name: string, variant: string | undefined): Platform {
  const architecture = architectures[name] ?? name;
  // The only variant that there is of arm64, and images for arm without one are for v7: so Docker has it.
  const implied = architecture === 'arm64' && variant === 'v8' ? undefined : variant;
  const kept = architecture === 'arm' ? (implied ?? 'v7') : implied;
  return { os: 'linux', architecture, ...(kept === undefined ? {} : { variant: kept }) };
}

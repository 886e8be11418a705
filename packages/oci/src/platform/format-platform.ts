import type { Platform } from '../content/descriptor.js';

/** `os/architecture[/variant]`, which `parsePlatform` reads. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  // Some tools write an empty variant into their indexes.
  return [os, architecture, ...(variant ? [variant] : [])].join('/');
}

import type { Platform } from '../content/descriptor.js';
import { normalizePlatform } from './normalize-platform.js';

// Node's names where they are not Go's. Node has one for PowerPC of either byte order, and exists on Linux for the little one.
const nodeNames: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', mipsel: 'mipsle', ppc64: 'ppc64le' };

/** What an image is for unless a platform is named: Linux on the processor of this machine. */
export function machinePlatform(): Platform {
  return normalizePlatform({ os: 'linux', architecture: nodeNames[process.arch] ?? process.arch });
}

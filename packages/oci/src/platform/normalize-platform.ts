import type { Platform } from '../content/descriptor.js';
import { architectureAliases, architectures, systemAliases } from './known-platforms.js';

/**
 * The platform under the names that Go has for it, in lower case: aliases replaced (`x86_64`, `aarch64`, `armhf`), the variant that the
 * architecture implies left out (`arm64/v8`), and the one that is assumed of `arm` added. What it does not know it keeps, since images
 * may say what they like; `parsePlatform` refuses it.
 */
export function normalizePlatform(platform: Platform): Platform {
  const system = lowerCase(platform.os);
  const name = lowerCase(platform.architecture);
  const alias = architectureAliases.get(name) ?? { architecture: name };
  const { variants = [], implied, assumed } = architectures.get(alias.architecture) ?? {};
  // An alias that is followed by a variant means the variant, whatever it means by itself.
  const written = lowerCase(platform.variant) || alias.variant || assumed;
  const variant = variants.find((known) => known === `v${written}`) ?? written;
  const version = platform['os.version'];
  return {
    os: systemAliases.get(system) ?? system,
    architecture: alias.architecture,
    ...(variant === undefined || variant === implied ? {} : { variant }),
    ...(version === undefined ? {} : { 'os.version': version }),
  };
}

/** What wrote an image may have left out what has to be there. */
function lowerCase(text: unknown): string {
  return typeof text === 'string' ? text.toLowerCase() : '';
}

import { SlipwayError } from '@slipway/core';

/**
 * An address that an answer names, whole or relative to where the answer came from; without credentials that it may hold.
 *
 * @throws SlipwayError `REGISTRY_FAILED` where it is no address, or one less safe than the way here
 */
export function givenAddress(from: URL, text: string): URL {
  const target = URL.canParse(text, from.href) ? new URL(text, from) : undefined;
  const isSafe = target?.protocol === 'https:' || (target?.protocol === 'http:' && from.protocol === 'http:');
  if (target === undefined || !isSafe) {
    throw misdirected(from, 'It names what is neither HTTPS nor as safe as the way to itself');
  }
  target.username = '';
  target.password = '';
  return target;
}

export function misdirected(from: URL, reason: string): SlipwayError {
  return new SlipwayError({
    code: 'REGISTRY_FAILED',
    message: `The registry ${from.host} sends the request elsewhere in a way that cannot be followed.`,
    reason: `${reason}.`,
    fix: 'Check that the uri of the container registry names a registry.',
  });
}

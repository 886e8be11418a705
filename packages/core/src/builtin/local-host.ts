import { isIPv4, isIPv6 } from 'node:net';

/**
 * Whether an address means the machine it is used on: `localhost` and names below it, 127.0.0.0/8, `::1`.
 * @param authority `host` or `host:port`; an IPv6 address with a port is in brackets
 */
export function isLocalHost(authority: string): boolean {
  const host = isAddress6(authority) ? authority : authority.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (isIPv4(host)) return host.startsWith('127.');
  if (isAddress6(host)) return new URL(`http://[${host}]`).hostname === '[::1]';
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost');
}

/** Node's pattern of them is long to compile, so that it is not asked of what has no two colons. */
function isAddress6(text: string): boolean {
  return text.indexOf(':') !== text.lastIndexOf(':') && isIPv6(text);
}

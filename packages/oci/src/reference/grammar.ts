// The pieces of the distribution project's reference grammar. Everything is ASCII; upper case is for hosts and tags only.

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';

/** A registry's host: a DNS name or IPv4 address, or an IPv6 address in brackets; with an optional port. */
export const hostPattern = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);

export const componentPattern = new RegExp(`^${component}$`);

export const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** The longest repository, its slashes counted and the registry's host not. */
export const maximumRepositoryLength = 255;

export const dockerHub = 'docker.io';

/** Docker Hub goes by an older name too, which configurations still hold. */
export function canonicalHost(host: string): string {
  return host === 'index.docker.io' ? dockerHub : host;
}

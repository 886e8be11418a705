import { canonicalHost, dockerHub } from '../reference/grammar.js';

/** The name under which `docker login` has kept Docker Hub's credentials since its first registry. */
const dockerHubServer = 'https://index.docker.io/v1/';

/**
 * The key of an entry as `host[:port]` or `host[:port]/path`. Keys were addresses of the API once, and some tools still write them so:
 * of those the host alone counts.
 */
export function normalizeKey(key: string): string {
  const plain = key.replace(/^https?:\/\//, '');
  const [host = '', ...path] = plain.replace(/\/+$/, '').split('/');
  const isAddress = plain !== key || /^v[12]$/.test(path.join('/'));
  return [normalizeHost(host), ...(isAddress ? [] : path)].join('/');
}

export function normalizeHost(host: string): string {
  const lower = host.toLowerCase();
  return lower === 'registry-1.docker.io' ? dockerHub : canonicalHost(lower);
}

/** The keys to look for, the most specific first. */
export function lookupKeys(host: string, repository = ''): string[] {
  const parts = repository === '' ? [] : repository.split('/');
  return Array.from({ length: parts.length + 1 }, (_, dropped) =>
    [host, ...parts.slice(0, parts.length - dropped)].join('/'),
  );
}

/** What a credential helper is asked for. */
export function helperServer(host: string): string {
  return host === dockerHub ? dockerHubServer : host;
}

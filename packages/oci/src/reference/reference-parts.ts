import { dockerHub } from './grammar.js';

/** What a reference is made of. */
export interface ReferenceParts {
  /** `host[:port]`; Docker Hub is `docker.io`. */
  readonly registry: string;
  /** Components joined by slashes, in lower case, at most 255 characters. */
  readonly repository: string;
  readonly tag?: string | undefined;
  /** `algorithm:hex`. */
  readonly digest?: string | undefined;
}

/** True for the first component of a name if people mean a registry by it: a dot, a port, or `localhost`. */
export function looksLikeHost(component: string): boolean {
  return component === 'localhost' || /[.:]/.test(component);
}

/** True where the first component of a name can be nothing but a host: no repository has upper case. */
export function isHost(component: string): boolean {
  return looksLikeHost(component) || component.toLowerCase() !== component;
}

/** Splits `repository[:tag][@digest]` without judging the pieces. */
export function splitRest(rest: string): Omit<ReferenceParts, 'registry'> {
  const at = rest.indexOf('@');
  const tagged = at < 0 ? rest : rest.slice(0, at);
  const colon = tagged.indexOf(':');
  return {
    repository: colon < 0 ? tagged : tagged.slice(0, colon),
    tag: colon < 0 ? undefined : tagged.slice(colon + 1),
    digest: at < 0 ? undefined : rest.slice(at + 1),
  };
}

/** Docker Hub keeps the images that have no owner under `library`. */
export function withLibrary(parts: ReferenceParts): ReferenceParts {
  const ownerless = parts.registry === dockerHub && parts.repository !== '' && !parts.repository.includes('/');
  return ownerless ? { ...parts, repository: `library/${parts.repository}` } : parts;
}

export function formatParts(parts: ReferenceParts): string {
  const tag = parts.tag === undefined ? '' : `:${parts.tag}`;
  const digest = parts.digest === undefined ? '' : `@${parts.digest}`;
  return `${parts.registry}/${parts.repository}${tag}${digest}`;
}

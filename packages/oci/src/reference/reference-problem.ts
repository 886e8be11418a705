import { digestLengths, isDigest } from './digest.js';
import { componentPattern, hostPattern, maximumRepositoryLength, tagPattern } from './grammar.js';
import { isHost, type ReferenceParts } from './reference-parts.js';

export interface ReferenceProblem {
  readonly reason: string;
  readonly fix?: string;
}

/**
 * What keeps these parts from being a reference, told in terms of the text a person wrote; undefined where nothing does.
 *
 * @param text as written; positions count its characters from 1
 */
export function referenceProblem(text: string, parts: ReferenceParts): ReferenceProblem | undefined {
  if (text === '') return { reason: 'It is empty.', fix: "Write a name and a tag, such as 'demo/hello:1'." };
  return (
    problemOfText(text) ??
    problemOfHost(text, parts.registry) ??
    problemOfRepository(text, parts.repository) ??
    problemOfTag(text, parts.tag) ??
    problemOfDigest(parts.digest)
  );
}

function problemOfText(text: string): ReferenceProblem | undefined {
  const scheme = /^[a-z]+:\/\//i.exec(text)?.[0];
  if (scheme !== undefined) {
    return { reason: `A reference has no scheme ('${scheme}').`, fix: `Write '${text.slice(scheme.length)}'.` };
  }
  const space = /[\s\p{Cc}]/u.exec(text);
  if (space !== null) return { reason: `There is a space or control character at character ${space.index + 1}.` };
  // Docker keeps these for identifiers of images, which name nothing in a registry.
  if (/^[a-f0-9]{64}$/.test(text)) {
    return {
      reason: 'A name of 64 hexadecimal digits would be taken for the identifier of an image.',
      fix: `If it is a digest, write 'NAME@sha256:${text}'.`,
    };
  }
  return undefined;
}

function problemOfHost(text: string, host: string): ReferenceProblem | undefined {
  if (hostPattern.test(host) && isHost(host)) return undefined;
  const odd = /[^a-zA-Z0-9.:[\]-]/.exec(host);
  const where = odd === null ? '' : `: '${odd[0]}' ${position(text, odd.index)}`;
  return {
    reason: `'${host}' is not the host of a registry${where}.`,
    fix: "A host is a DNS name, an IPv4 address or an IPv6 address in brackets, with a port where needed: '[fd00::1]:5000'.",
  };
}

function problemOfRepository(text: string, repository: string): ReferenceProblem | undefined {
  if (repository === '') return { reason: 'The name of the repository is missing.' };
  const capital = /\p{Lu}/u.exec(repository);
  if (capital !== null) {
    const start = text.lastIndexOf(repository);
    const fixed = start < 0 ? repository.toLowerCase() : text.replace(repository, repository.toLowerCase());
    const where = position(text, (start < 0 ? 0 : start) + capital.index);
    return { reason: `The repository has upper case ('${capital[0]}' ${where}).`, fix: `Write '${fixed}'.` };
  }
  for (const component of repository.split('/')) {
    if (componentPattern.test(component)) continue;
    return problemOfComponent(text, repository, component);
  }
  if (repository.length > maximumRepositoryLength) {
    const limit = `at most ${maximumRepositoryLength} are allowed`;
    return { reason: `The repository has ${repository.length} characters; ${limit}.` };
  }
  return undefined;
}

function problemOfComponent(text: string, repository: string, component: string): ReferenceProblem {
  if (component === '') {
    return {
      reason: `The repository '${repository}' has an empty component.`,
      fix: 'Leave out the superfluous slash.',
    };
  }
  const odd = /[^a-z0-9._-]/u.exec(component);
  if (odd !== null) {
    const index = text.indexOf(component);
    const where = position(text, Math.max(index, 0) + odd.index);
    return { reason: `The repository has a character that is not allowed ('${odd[0]}' ${where}).` };
  }
  return {
    reason: `'${component}' in the repository begins or ends with a separator, or has a run of them that is not allowed.`,
    fix: "Between letters and digits there may be '.', '_', '__' or any number of '-'.",
  };
}

function problemOfTag(text: string, tag: string | undefined): ReferenceProblem | undefined {
  if (tag === undefined || tagPattern.test(tag)) return undefined;
  if (tag === '')
    return { reason: 'The tag after the colon is missing.', fix: "Write a tag, such as ':1', or no colon." };
  if (tag.length > 128) return { reason: `The tag has ${tag.length} characters; at most 128 are allowed.` };
  const odd = /^[.-]|[^\w.-]/.exec(tag);
  const where = odd === null ? '' : ` ('${odd[0]}' ${position(text, text.indexOf(`:${tag}`) + 1 + odd.index)})`;
  return {
    reason: `The tag '${tag}' is not allowed${where}.`,
    fix: "A tag has letters, digits, '_', '.' and '-', and does not begin with '.' or '-'.",
  };
}

function problemOfDigest(digest: string | undefined): ReferenceProblem | undefined {
  if (digest === undefined || isDigest(digest)) return undefined;
  const [algorithm = '', ...rest] = digest.split(':');
  const length = digestLengths.get(algorithm);
  if (length === undefined || rest.length !== 1) {
    const known = [...digestLengths.keys()].join(', ');
    return {
      reason: `'${digest}' is not a digest of a known algorithm (${known}).`,
      fix: "Write '@sha256:' and 64 digits.",
    };
  }
  const given = rest.join('').length;
  const lengths = given === length ? '' : `; it has ${given}`;
  return { reason: `A digest of ${algorithm} has ${length} hexadecimal digits in lower case${lengths}.` };
}

function position(text: string, index: number): string {
  return `at character ${Math.min(index, text.length - 1) + 1}`;
}

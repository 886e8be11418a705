import { SlipwayError } from '@slipway/core';

import { givenAddress } from './given-address.js';
import { discard, type HttpResponse } from './http-response.js';
import type { RegistrySession } from './registry-session.js';

const maximumPageBytes = 32 * 1024 * 1024;

/** All tags of a repository, page by page; none where there is no such repository. */
export async function listTags(
  session: RegistrySession,
  repository: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const tags: string[] = [];
  const seen = new Set<string>();
  const scope = `repository:${repository}:pull`;
  let target: string | URL | undefined = `/v2/${repository}/tags/list`;
  while (target !== undefined) {
    const response: HttpResponse = await session.request({ method: 'GET', target, scope, signal });
    if (response.status === 404) {
      discard(response);
      return tags;
    }
    const what = `listing the tags of ${session.host}/${repository}`;
    if (response.status !== 200) throw await session.refusal(response, what);
    const page = tagsIn(await session.read(response, maximumPageBytes, signal));
    target = nextPage(response);
    // A page that leads back to itself would have no end.
    if (page === undefined || seen.has(target?.href ?? '')) throw unusable(session, what);
    if (target !== undefined) seen.add(target.href);
    tags.push(...page);
  }
  return tags;
}

function tagsIn(body: Buffer | undefined): string[] | undefined {
  try {
    const { tags } = JSON.parse(body?.toString('utf8') ?? '') as { tags?: unknown };
    // Some registries say null of a repository that has no tags left.
    if (tags === null || tags === undefined) return [];
    return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
  } catch {
    return undefined;
  }
}

/** What the `Link` header (RFC 8288) says of the next page. */
function nextPage(response: HttpResponse): URL | undefined {
  const { link } = response.headers;
  const links = [link ?? []]
    .flat()
    .join(',')
    .matchAll(/<([^>]*)>([^<]*)/g);
  for (const [, address = '', parameters = ''] of links) {
    if (/;\s*rel="?next"?/i.test(parameters)) return givenAddress(response.url, address);
  }
  return undefined;
}

function unusable(session: RegistrySession, what: string): SlipwayError {
  return new SlipwayError({
    code: 'REGISTRY_FAILED',
    message: `The registry ${session.host} failed at ${what}.`,
    reason: 'Its answer is not a list of tags, or a list without end.',
    fix: 'Check that the uri of the container registry names a registry.',
  });
}

/**
 * One list of what a token has to allow out of two, such as `repository:demo/hello:pull,push repository:demo/base:pull`: a resource
 * that both name comes once, with the actions of both.
 */
export function mergeScopes(...scopes: readonly string[]): string {
  const actions = new Map<string, Set<string>>();
  for (const [resource, some] of scopes.flatMap(resourcesOf)) {
    actions.set(resource, new Set([...(actions.get(resource) ?? []), ...some]));
  }
  return [...actions].map(([resource, some]) => `${resource}:${[...some].join(',')}`).join(' ');
}

/** True where a token for `granted` allows all that `needed` asks for. */
export function coversScope(granted: string, needed: string): boolean {
  const allowed = new Map(resourcesOf(granted));
  return resourcesOf(needed).every(([resource, actions]) =>
    actions.every((action) => allowed.get(resource)?.includes(action)),
  );
}

/** Names of repositories may hold a colon, as those of a registry with a port; actions never do. */
function resourcesOf(scope: string): [resource: string, actions: string[]][] {
  return scope
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => [one.slice(0, Math.max(one.lastIndexOf(':'), 0)), one.slice(one.lastIndexOf(':') + 1).split(',')]);
}

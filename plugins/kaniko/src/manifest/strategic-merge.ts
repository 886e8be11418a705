// What identifies the items of a list, by the name of the list; other lists are replaced. So it is in the API's own types.
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  ports: 'containerPort',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  resourceClaims: 'name',
};

type Tree = Readonly<Record<string, unknown>>;

/**
 * Lays a patch over an object, as the API server does with a strategic merge patch: objects are merged field by field, `null` removes a
 * field, lists of named things are merged by their names and other lists replaced.
 */
export function strategicMerge<T extends object>(base: T, patch: object): T {
  const merged = { ...base } as Record<string, unknown>;
  for (const [field, change] of Object.entries(patch)) {
    if (change === null) delete merged[field];
    else merged[field] = mergeValue(field, merged[field], change);
  }
  return merged as T;
}

function mergeValue(field: string, value: unknown, change: unknown): unknown {
  const key = mergeKeys[field];
  if (key !== undefined && areTrees(value) && areTrees(change)) return mergeLists(key, value, change);
  return isTree(value) && isTree(change) ? strategicMerge(value, change) : change;
}

function mergeLists(key: string, items: readonly Tree[], changes: readonly Tree[]): readonly Tree[] {
  const merged = items.map((item) =>
    changes
      .filter((change) => change[key] === item[key])
      .reduce((before, change) => strategicMerge(before, change), item),
  );
  return [...merged, ...changes.filter((change) => !items.some((item) => item[key] === change[key]))];
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areTrees(value: unknown): value is readonly Tree[] {
  return Array.isArray(value) && value.every(isTree);
}

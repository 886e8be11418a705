const owners: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^([a-z0-9.-]+\.)?slipway\.dev\//, 'builds are found by it'],
  [/^app\.kubernetes\.io\/(name|component|managed-by)$/, 'builds are found by it'],
  [/^(batch\.kubernetes\.io\/.*|job-name|controller-uid)$/, 'the cluster finds the pod of the Job by it'],
];

/** Why a label or annotation of that key cannot be set, where it cannot. */
export function ownedKey(key: string): string | undefined {
  return owners.find(([pattern]) => pattern.test(key))?.[1];
}

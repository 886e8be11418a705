import type { V1PodSpec } from '@kubernetes/client-node';

/** An object that has to be there for a pod to run. */
export interface Reference {
  readonly kind: 'service account' | 'secret' | 'config map' | 'volume claim' | 'priority class' | 'runtime class';
  readonly name: string;
  /** Keys that it has to have, of secrets and config maps. */
  readonly keys: readonly string[];
}

type Source = { readonly name?: string; readonly key?: string; readonly optional?: boolean };
type Items = readonly { readonly key: string }[] | undefined;

/** What the pod names that is not its own. @param own the name of a Secret that is made with it */
export function references(pod: V1PodSpec, own: string): readonly Reference[] {
  const found: Reference[] = [];
  const add = (
    kind: Reference['kind'],
    name: string | undefined,
    optional = false,
    keys: readonly string[] = [],
  ): void => {
    if (name !== undefined && name !== own && !optional) found.push({ kind, name, keys });
  };
  const one = (kind: Reference['kind'], source: Source | undefined): void => {
    add(kind, source?.name, source?.optional, source?.key === undefined ? [] : [source.key]);
  };
  const keysOf = (items: Items): string[] => (items ?? []).map(({ key }) => key);

  add('service account', pod.serviceAccountName ?? 'default');
  add('priority class', pod.priorityClassName);
  add('runtime class', pod.runtimeClassName);
  for (const { name } of pod.imagePullSecrets ?? []) add('secret', name);
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    for (const { secretRef, configMapRef } of container.envFrom ?? []) {
      one('secret', secretRef);
      one('config map', configMapRef);
    }
    for (const { valueFrom } of container.env ?? []) {
      one('secret', valueFrom?.secretKeyRef);
      one('config map', valueFrom?.configMapKeyRef);
    }
  }
  for (const { secret, configMap, persistentVolumeClaim, projected } of pod.volumes ?? []) {
    add('secret', secret?.secretName, secret?.optional, keysOf(secret?.items));
    add('config map', configMap?.name, configMap?.optional, keysOf(configMap?.items));
    add('volume claim', persistentVolumeClaim?.claimName);
    for (const source of projected?.sources ?? []) {
      add('secret', source.secret?.name, source.secret?.optional, keysOf(source.secret?.items));
      add('config map', source.configMap?.name, source.configMap?.optional, keysOf(source.configMap?.items));
    }
  }
  return merged(found);
}

/** Each object once, with all the keys. */
function merged(found: readonly Reference[]): readonly Reference[] {
  const byName = new Map<string, Reference>();
  for (const { kind, name, keys } of found) {
    const id = `${kind}/${name}`;
    byName.set(id, { kind, name, keys: [...new Set([...(byName.get(id)?.keys ?? []), ...keys])] });
  }
  return [...byName.values()];
}

import { z } from 'zod';
import { executorContainer } from '../manifest/build-names.js';
import { ownedKey } from './owned-keys.js';

/** What of a Job belongs to the builder, by its path, and what to use in its place. */
const owned: Readonly<Record<string, string>> = {
  'metadata.name': 'it has the build id, which `slipway build` prints',
  'metadata.generateName': 'the name has the build id',
  'metadata.namespace': 'use kubernetes_namespace',
  'metadata.ownerReferences': 'the Job owns what a build makes, and nothing owns the Job',
  'spec.activeDeadlineSeconds': 'use build_timeout',
  'spec.backoffLimit': 'the context can be sent to one pod only, so there is one try',
  'spec.backoffLimitPerIndex': 'a build is one pod',
  'spec.completions': 'a build is one pod',
  'spec.completionMode': 'a build is one pod',
  'spec.parallelism': 'a build is one pod',
  'spec.manualSelector': 'the cluster finds the pod of the Job',
  'spec.selector': 'the cluster finds the pod of the Job',
  'spec.ttlSecondsAfterFinished': 'use keep_finished',
  'spec.template.metadata.name': 'the cluster names the pod',
  'spec.template.metadata.generateName': 'the cluster names the pod',
  'spec.template.metadata.namespace': 'use kubernetes_namespace',
  'spec.template.spec.restartPolicy': 'the context can be sent to one pod only, so there is one try',
  'spec.template.spec.activeDeadlineSeconds': 'use build_timeout',
};

/** The same of the executor's container. */
const ownedOfExecutor: Readonly<Record<string, string>> = {
  args: 'use executor_args',
  command: 'the executor is what its image runs',
  image: 'use executor_image',
  restartPolicy: 'the context can be sent once only',
  stdin: 'the context comes through it',
  stdinOnce: 'the context comes through it',
  terminationMessagePath: 'the executor reports the digest there',
  terminationMessagePolicy: 'the executor reports the digest there',
  tty: 'the context comes through standard input, which a terminal would garble',
};

type Template = Readonly<Record<string, unknown>>;

/** A part of a Job; what has no attribute of its own. Names of fields are the API server's to check. */
export const jobTemplate = z
  .looseObject({
    apiVersion: z.literal('batch/v1').optional(),
    kind: z.literal('Job').optional(),
    metadata: z.looseObject({}).optional(),
    spec: z.looseObject({}).optional(),
  })
  .superRefine((template: Template, context) => {
    const refuse = (path: readonly PropertyKey[], reason: string): void => {
      context.addIssue({ code: 'custom', path: [...path], message: `belongs to the builder: ${reason}` });
    };
    for (const key of Object.keys(template)) {
      if (['apiVersion', 'kind', 'metadata', 'spec'].includes(key)) continue;
      context.addIssue({ code: 'custom', path: [key], message: 'is no field of a Job; those are metadata and spec' });
    }
    for (const [path, reason] of Object.entries(owned)) {
      if (at(template, path.split('.')) !== undefined) refuse(path.split('.'), reason);
    }
    for (const place of [['metadata'], ['spec', 'template', 'metadata']]) {
      for (const kind of ['labels', 'annotations']) {
        for (const key of Object.keys(at(template, [...place, kind]) ?? {})) {
          const reason = ownedKey(key);
          if (reason !== undefined) refuse([...place, kind, key], reason);
        }
      }
    }
    const pod = ['spec', 'template', 'spec'];
    for (const [index, { name }] of namedItems(template, [...pod, 'volumes'], context).entries()) {
      if (!name.startsWith(ownedVolumePrefix)) continue;
      refuse([...pod, 'volumes', index, 'name'], `names that begin with ${ownedVolumePrefix} are its own`);
    }
    for (const [index, container] of namedItems(template, [...pod, 'containers'], context).entries()) {
      if (container.name !== executorContainer) continue;
      for (const [field, reason] of Object.entries(ownedOfExecutor)) {
        if (container[field] !== undefined) refuse([...pod, 'containers', index, field], reason);
      }
    }
  });

/** What the builder's own volumes are called. */
export const ownedVolumePrefix = 'slipway-';

/** Mounts that the template gives the executor. */
export function executorMountPaths(template: Template | undefined): readonly string[] {
  const containers = at(template, ['spec', 'template', 'spec', 'containers']);
  const executor = (Array.isArray(containers) ? (containers as unknown[]) : []).find(
    (container) => at(container, ['name']) === executorContainer,
  );
  const mounts = at(executor, ['volumeMounts']);
  return (Array.isArray(mounts) ? (mounts as unknown[]) : []).flatMap((mount) => {
    const path = at(mount, ['mountPath']);
    return typeof path === 'string' ? [path] : [];
  });
}

type Named = Template & { readonly name: string };

function namedItems(template: Template, path: readonly string[], context: z.core.$RefinementCtx): readonly Named[] {
  const items: unknown = at(template, path) ?? [];
  if (Array.isArray(items) && items.every((item) => typeof at(item, ['name']) === 'string')) return items as Named[];
  context.addIssue({ code: 'custom', path: [...path], message: 'must be a list of objects with a name' });
  return [];
}

function at(value: unknown, path: readonly string[]): object | string | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return value as object | undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return at((value as Template)[head], rest);
}

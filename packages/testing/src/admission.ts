import { randomUUID } from 'node:crypto';
import type { Job, KubernetesObject, ObjectMeta } from './kubernetes-object.js';
import { randomSuffix } from './object-store.js';
import { omit } from './omit.js';
import { jobs, secrets, type ResourceType } from './resource-types.js';
import { detailsOf, failure, StatusError, type StatusCause } from './status.js';

type Draft = Record<string, unknown> & { metadata: Partial<ObjectMeta> };

const validName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Checks a new object and fills in what the API server fills in. Throws 400 or 422 StatusErrors. */
export function admit(type: ResourceType, body: unknown): Draft & { metadata: { name: string } } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    const why = `couldn't get version/kind; json parse error: unexpected end of JSON input`;
    throw new StatusError(failure(400, `the object provided is unrecognized (must be of type ${type.kind}): ${why}`));
  }
  const given = omit(body as Record<string, unknown>, 'status');
  const draft: Draft = { ...given, metadata: { ...(given['metadata'] as Partial<ObjectMeta> | undefined) } };
  draft.metadata.uid = randomUUID();
  if (draft.metadata.name === undefined && draft.metadata.generateName !== undefined) {
    draft.metadata.name = `${draft.metadata.generateName}${randomSuffix()}`;
  }
  validate(type, draft);
  if (type === jobs) completeJob(draft as unknown as Job);
  if (type === secrets) completeSecret(draft);
  return draft as Draft & { metadata: { name: string } };
}

function validate(type: ResourceType, draft: Draft): void {
  const causes: StatusCause[] = [];
  const { name = '' } = draft.metadata;
  const demand = (field: string, more = ''): void => {
    causes.push({ reason: 'FieldValueRequired', message: `Required value${more}`, field });
  };
  if (name === '') demand('metadata.name', ': name or generateName is required');
  else if (!validName.test(name)) {
    const rule = "must be lower-case letters, digits, '-' and '.', with a letter or digit at both ends";
    const message = `Invalid value: ${JSON.stringify(name)}: ${rule}`;
    causes.push({ reason: 'FieldValueInvalid', message, field: 'metadata.name' });
  }
  if (type === jobs) {
    const { spec } = (draft as unknown as { spec?: Partial<Job['spec']> }).spec?.template ?? {};
    if (spec?.containers === undefined || spec.containers.length === 0) demand('spec.template.spec.containers');
    if (!['Never', 'OnFailure'].includes((spec as { restartPolicy?: string } | undefined)?.restartPolicy ?? '')) {
      demand('spec.template.spec.restartPolicy', ': valid values: "OnFailure", "Never"');
    }
  }
  if (causes.length === 0) return;
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  const list = causes.map((cause) => `${cause.field ?? ''}: ${cause.message}`);
  const summary = list.length === 1 ? (list[0] ?? '') : `[${list.join(', ')}]`;
  const details = { ...detailsOf(type, name, type.kind), causes };
  throw new StatusError(failure(422, `${kind} "${name}" is invalid: ${summary}`, { details }));
}

function completeJob(job: Job): void {
  const { name, uid } = job.metadata;
  const labels = {
    ...job.spec.template.metadata?.labels,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  if (Object.keys(job.metadata.labels ?? {}).length === 0) job.metadata.labels = { ...labels };
  job.metadata.generation = 1;
  job.spec = {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    ...job.spec,
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
    template: { ...job.spec.template, metadata: { ...job.spec.template.metadata, labels } },
  };
  job.status = {};
}

/** `stringData` is written into `data` and never read back. */
function completeSecret(draft: Draft): void {
  const { stringData, data, type = 'Opaque' } = draft as { stringData?: object; data?: object; type?: string };
  delete draft['stringData'];
  const encoded = Object.entries(stringData ?? {}).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  Object.assign(draft, { data: { ...data, ...(Object.fromEntries(encoded) as object) }, type });
}

/** RFC 7386, for PATCH. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** Objects of the API keep their identity whatever a patch says. */
export function patched(object: KubernetesObject, patch: unknown): KubernetesObject {
  const { name, namespace, uid, creationTimestamp } = object.metadata;
  const next = mergePatch(object, patch) as KubernetesObject;
  return { ...next, metadata: { ...next.metadata, name, ...(namespace && { namespace }), uid, creationTimestamp } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

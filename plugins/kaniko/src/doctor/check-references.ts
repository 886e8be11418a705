import type { V1PodSpec } from '@kubernetes/client-node';
import type { DoctorCheck } from '@slipway/core';
import type { ClusterAccess } from '../kubernetes/cluster-access.js';
import type { ClusterReader } from './cluster-reader.js';
import { type Reference, references } from './references.js';

interface Kind {
  readonly plural: string;
  readonly path: (namespace: string) => string;
  readonly attribute: string;
  readonly code: string;
  /** How one is made, where that is one command. */
  readonly create?: (name: string) => string;
}

const core = (resource: string) => (namespace: string) => `/api/v1/namespaces/${namespace}/${resource}`;
const invalid = 'POD_CONFIGURATION_INVALID';

const kinds: Readonly<Record<Reference['kind'], Kind>> = {
  'service account': {
    plural: 'service accounts',
    path: core('serviceaccounts'),
    attribute: 'service_account_name',
    code: 'SERVICE_ACCOUNT_NOT_FOUND',
    create: (name) => `create serviceaccount ${name}`,
  },
  secret: { plural: 'secrets', path: core('secrets'), attribute: 'the attributes that name it', code: invalid },
  'config map': {
    plural: 'config maps',
    path: core('configmaps'),
    attribute: 'the attributes that name it',
    code: invalid,
  },
  'volume claim': {
    plural: 'volume claims',
    path: core('persistentvolumeclaims'),
    attribute: 'volumes',
    code: invalid,
  },
  'priority class': {
    plural: 'priority classes',
    path: () => '/apis/scheduling.k8s.io/v1/priorityclasses',
    attribute: 'priority_class_name',
    code: invalid,
  },
  'runtime class': {
    plural: 'runtime classes',
    path: () => '/apis/node.k8s.io/v1/runtimeclasses',
    attribute: 'runtime_class_name',
    code: invalid,
  },
};

/** Whether everything that the pod of a build names is there: accounts, secrets, config maps, volumes and classes. */
export async function referenceChecks(
  reader: ClusterReader,
  access: ClusterAccess,
  pod: V1PodSpec,
  ownSecret: string,
): Promise<readonly DoctorCheck[]> {
  const wanted = references(pod, ownSecret);
  const checks = await Promise.all(wanted.map((reference) => checkOne(reader, access, reference)));
  const problems = checks.flat().filter(({ outcome }) => outcome !== 'ok');
  if (problems.length > 0) return problems;
  const seen = checks.flat().map(({ message }) => message);
  if (seen.length === 0) return [];
  return [{ id: 'pod-references', outcome: 'ok', message: `What the pod names is there: ${seen.join(', ')}.` }];
}

/** The check of one object, with its name as the message where it is there; nothing where one may not look. */
async function checkOne(reader: ClusterReader, access: ClusterAccess, reference: Reference): Promise<DoctorCheck[]> {
  const { kind, name, keys } = reference;
  const { plural, path, attribute, code, create } = kinds[kind];
  const id = kind.replaceAll(' ', '-');
  const look = await reader.look<{ readonly data?: object; readonly binaryData?: object }>(
    `${path(access.namespace)}/${encodeURIComponent(name)}`,
    plural,
  );
  if (look.kind === 'unseen') return [];
  if (look.kind === 'missing') {
    const isClass = kind === 'priority class' || kind === 'runtime class';
    const where = isClass ? 'The cluster' : `The namespace ${access.namespace}`;
    const make =
      create === undefined ? 'Create it' : `${access.kubectl} --namespace ${access.namespace} ${create(name)}`;
    const fix = `${make}, or correct ${attribute}: slipway image-builder describe NAME`;
    return [{ id, outcome: 'failure', message: `${where} has no ${kind} '${name}'.`, fix, code }];
  }
  const there = { ...look.object.data, ...look.object.binaryData };
  const missing = keys.filter((key) => !Object.hasOwn(there, key));
  if (missing.length > 0) {
    const message = `The ${kind} '${name}' has no ${missing.map((key) => `'${key}'`).join(', ')}.`;
    const reason = `It has ${Object.keys(there).join(', ') || 'nothing'}.`;
    const fix = `Add what is missing, or correct ${attribute}: slipway image-builder describe NAME`;
    return [{ id, outcome: 'failure', message, reason, fix, code }];
  }
  return [{ id, outcome: 'ok', message: `${kind} '${name}'` }];
}

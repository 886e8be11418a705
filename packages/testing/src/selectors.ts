import type { KubernetesObject } from './kubernetes-object.js';
import type { ResourceType } from './resource-types.js';
import { failure, StatusError } from './status.js';

type Selector = (object: KubernetesObject) => boolean;

/** The `labelSelector` and `fieldSelector` of a query as one predicate. Throws a 400 StatusError, as the real server. */
export function selectorOf(query: URLSearchParams, type: ResourceType): Selector {
  const parts = [
    ...splitRequirements(query.get('labelSelector') ?? '').map(labelRequirement),
    ...splitRequirements(query.get('fieldSelector') ?? '').map((part) => fieldRequirement(part, type)),
  ];
  return (object) => parts.every((matches) => matches(object));
}

/** Splits at commas outside parentheses: `a=b,c in (d,e)` has two requirements. */
function splitRequirements(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function labelRequirement(text: string): Selector {
  const label = (object: KubernetesObject, key: string): string | undefined => object.metadata.labels?.[key];
  const set = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (object) => values.includes(label(object, key) ?? '\0') === (operator === 'in');
  }
  const equality = /^([\w./-]+)\s*(!=|==?)\s*([\w.-]*)$/.exec(text);
  if (equality !== null) {
    const [, key = '', operator, value] = equality;
    return (object) => (label(object, key) === value) === (operator !== '!=');
  }
  const existence = /^(!?)([\w./-]+)$/.exec(text);
  if (existence !== null) {
    const [, not, key = ''] = existence;
    return (object) => (label(object, key) !== undefined) === (not === '');
  }
  throw new StatusError(failure(400, `unable to parse requirement: ${text}`));
}

function fieldRequirement(text: string, type: ResourceType): Selector {
  const [, path = '', operator, value = ''] = /^([\w.]+)\s*(!=|==?)\s*(.*)$/.exec(text) ?? [];
  if (operator === undefined) {
    throw new StatusError(failure(400, `invalid selector: '${text}'; can't understand '${text}'`));
  }
  if (!type.selectableFields.includes(path)) throw new StatusError(failure(400, `field label not supported: ${path}`));
  return (object) => (fieldOf(object, path) === value) === (operator !== '!=');
}

function fieldOf(object: KubernetesObject, path: string): string {
  let value: unknown = object;
  for (const name of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

import { userInfo } from 'node:os';

export const buildIdLabel = 'slipway.dev/build-id';

/** Labels that say what made an object, for whom, and for which build. */
export function buildLabels(id: string, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'kaniko',
    'app.kubernetes.io/component': 'image-builder',
    'app.kubernetes.io/managed-by': 'slipway',
    [buildIdLabel]: id,
    'slipway.dev/image-builder': labelValue(component),
    'slipway.dev/user': labelValue(userName()),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return 'unknown';
  }
}

/** The text as a value of a label: at most 63 letters, digits, `.`, `_` and `-`, the first and last a letter or digit. */
export function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

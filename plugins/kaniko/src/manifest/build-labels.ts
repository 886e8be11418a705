import { userInfo } from 'node:os';

export const buildIdLabel = 'slipway.dev/build-id';
export const componentLabel = 'slipway.dev/image-builder';
export const userLabel = 'slipway.dev/user';
/** `true` on a build that its client left to itself. */
export const detachedLabel = 'slipway.dev/detached';
/** The id of the build for several platforms that this one is a part of. */
export const wholeLabel = 'slipway.dev/whole';
/** Full references, with a space between. */
export const tagsAnnotation = 'slipway.dev/tags';
/** A digest of what was asked for, of a build whose id was chosen: the same id may mean the same build. */
export const requestAnnotation = 'slipway.dev/request';
/** What the build is at: `start`, `upload` or `build`. Not set where its client may not patch Jobs. */
export const stageAnnotation = 'slipway.dev/stage';
/** Durations as JSON: `[{"stage":"prepare","milliseconds":12},…]`. Spans, so that no two clocks are compared. */
export const timingsAnnotation = 'slipway.dev/timings';
/** A waiting build's place in the queue: the version that its Job had when it was made. */
export const ticketAnnotation = 'slipway.dev/ticket';
/** When the client of a waiting build was last known to live, by the API server's clock, e.g. `2026-01-31T12:00:00.000Z`. */
export const aliveAnnotation = 'slipway.dev/alive';

/** Selects what all builds have in common. */
export const buildsSelector = 'app.kubernetes.io/managed-by=slipway,app.kubernetes.io/component=image-builder';

/** Labels that say what made an object, for whom, and for which build. */
export function buildLabels(id: string, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'kaniko',
    'app.kubernetes.io/component': 'image-builder',
    'app.kubernetes.io/managed-by': 'slipway',
    [buildIdLabel]: id,
    [componentLabel]: labelValue(component),
    [userLabel]: labelValue(userName()),
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

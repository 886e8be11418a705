import type { V1Job } from '@kubernetes/client-node';
import { SlipwayError } from '@slipway/core';
import { tagsAnnotation, userLabel } from '../manifest/build-labels.js';

/** The id of a build is that of another one, which asks for something else. */
export function buildIdInUse(id: string, { metadata }: V1Job): SlipwayError {
  const user = metadata?.labels?.[userLabel] ?? 'somebody';
  const tags = metadata?.annotations?.[tagsAnnotation];
  return new SlipwayError({
    code: 'BUILD_ID_IN_USE',
    message: `The build id '${id}' belongs to another build.`,
    reason: `${user} began it${tags === undefined ? '' : ` for ${tags}`}; its context, tags or options are not those of this call.`,
    fix: `Choose another id, or look at that build: slipway builds show ${id}`,
  });
}

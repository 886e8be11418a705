import type { BuildWarning } from '../contracts/build-event.js';
import type { BuildContext } from './build-context.js';

const mostNamed = 3;

/** What a build says of what the context's folder holds and no image can; undefined where there is nothing of it. */
export function skippedWarning({ skipped }: Pick<BuildContext, 'skipped'>): BuildWarning | undefined {
  if (skipped.length === 0) return undefined;
  const more = skipped.length > mostNamed ? `, and ${skipped.length - mostNamed} more` : '';
  return {
    type: 'warning',
    message: `Left out of the build context: ${skipped.slice(0, mostNamed).join(', ')}${more}.`,
    reason: 'Sockets, pipes and devices cannot be part of it.',
  };
}

import { SlipwayError } from '@slipway/core';

const update = (attribute: string): string =>
  `Give it more with: slipway image-builder update NAME --${attribute}=SECONDS`;

export function timedOut(seconds: number): SlipwayError {
  return new SlipwayError({
    code: 'BUILD_TIMEOUT',
    message: `The build was ended after ${seconds} s, its build_timeout.`,
    fix: update('build_timeout'),
  });
}

export function queueTimedOut(seconds: number): SlipwayError {
  return new SlipwayError({
    code: 'QUEUE_TIMEOUT',
    message: `The build waited ${seconds} s for its turn, its queue_timeout.`,
    reason: 'As many builds ran all the time as max_parallel_builds allows, or others came first.',
    fix: 'See what runs with: slipway builds list --running',
  });
}

export function uploadTimedOut(seconds: number): SlipwayError {
  return new SlipwayError({
    code: 'UPLOAD_TIMEOUT',
    message: `The build context was not sent within ${seconds} s, the upload_timeout.`,
    reason: 'The link to the cluster, or the disk of its node, is slow for so large a context.',
    fix: `Leave out with .dockerignore what the build does not need. ${update('upload_timeout')}`,
  });
}

export function executionTimedOut(seconds: number): SlipwayError {
  return new SlipwayError({
    code: 'EXECUTION_TIMEOUT',
    message: `The executor was ended after ${seconds} s, its execution_timeout.`,
    reason: 'It had the build context, and did not end within that time.',
    fix: update('execution_timeout'),
  });
}

import { type DoctorCheck, failedCheck, suggestion } from '@slipway/core';
import { ImageReference } from '@slipway/oci';
import { defaultExecutorImage, type KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { flagOf } from '../configuration/owned-flags.js';
import { type ExecutorVersion, executorVersion } from './executor-flags.js';

const change = (what: string): string => `slipway image-builder update NAME --executor_image=${what}`;

/** Whether the executor image is a reference, and its version knows the flags that builds give it. Needs no network. */
export function executorChecks(configuration: KanikoConfiguration, args: readonly string[]): readonly DoctorCheck[] {
  const id = 'executor-image';
  const { executor_image: image } = configuration;
  let reference: ImageReference;
  try {
    reference = ImageReference.parse(image);
  } catch (error) {
    const { message, reason, fix } = failedCheck(id, error);
    return [
      {
        id,
        outcome: 'failure',
        message,
        reason,
        fix: fix ?? change(defaultExecutorImage),
        code: 'EXECUTOR_IMAGE_INVALID',
      },
    ];
  }
  const version = executorVersion(reference.tag ?? '');
  return [imageCheck(reference, version), ...flagChecks(version, args)];
}

function imageCheck(reference: ImageReference, version: ExecutorVersion | undefined): DoctorCheck {
  const id = 'executor-image';
  const shown = reference.toString();
  if (reference.registry === 'gcr.io' && reference.repository.startsWith('kaniko-project/')) {
    return {
      id,
      outcome: 'warning',
      message: `The executor image ${shown} is that of a project that was given up in 2025.`,
      reason: 'It gets no corrections any more, not even of what is a danger.',
      fix: change(defaultExecutorImage),
    };
  }
  if (reference.digest === undefined && (reference.tag === undefined || /^(latest|debug|slim)$/.test(reference.tag))) {
    return {
      id,
      outcome: 'warning',
      message: `The executor image ${shown} is another one each time its tag moves.`,
      fix: change(defaultExecutorImage),
    };
  }
  const told = version === undefined ? 'its tag tells no version' : `version ${version.text}`;
  return { id, outcome: 'ok', message: `The executor image is ${shown}: ${told}.` };
}

/** @param version undefined where it is not known: then the newest that is known is what is looked at */
export function flagChecks(version: ExecutorVersion | undefined, args: readonly string[]): readonly DoctorCheck[] {
  const { flags, text, isNewer } = version ?? { ...(executorVersion('1.28.3') as ExecutorVersion), isNewer: true };
  const unknown = new Set(args.map(flagOf).filter((flag) => flag !== undefined && !flags.has(flag)) as string[]);
  return [...unknown].map((flag) => ({
    id: 'executor-flags',
    outcome: isNewer ? 'warning' : 'failure',
    message: isNewer
      ? `The executor may not know the flag --${flag}.`
      : `The executor of version ${text} does not know the flag --${flag}.`,
    reason: suggestion(flag, [...flags])?.slice(0, 200),
    fix: 'Correct executor_args, or use an executor_image that knows it: slipway image-builder describe NAME',
    code: 'EXECUTOR_ARGUMENT_INVALID',
  }));
}

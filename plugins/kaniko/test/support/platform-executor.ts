import { digestOf } from '@slipway/oci';
import type { BuildScript, Job, MemoryRegistry } from '@slipway/testing';

export interface PlatformImageOptions {
  /** `oci`, or as Docker has them. */
  readonly format?: 'oci' | 'docker';
  /** What the image's configuration says, where that is not what was asked for. */
  readonly config?: Readonly<Record<string, string>>;
}

const types = {
  oci: 'application/vnd.oci.image.manifest.v1+json',
  docker: 'application/vnd.docker.distribution.manifest.v2+json',
};

/** The platform that a Job builds for. */
export function platformOf(job: Job): string {
  return flags(job, 'custom-platform')[0] ?? '';
}

/** What an executor does: the registry gets an image of the Job's platform, under each destination. @returns the script of its Job */
export function pushesImage(
  registry: MemoryRegistry,
  job: Job,
  { format = 'oci', config = {} }: PlatformImageOptions = {},
): BuildScript {
  const [os, architecture] = platformOf(job).split('/');
  const configBytes = Buffer.from(
    JSON.stringify({ os, architecture, rootfs: { type: 'layers', diff_ids: [] }, ...config }),
  );
  const configDigest = digestOf(configBytes);
  const manifest = {
    schemaVersion: 2,
    mediaType: types[format],
    config: { mediaType: 'application/json', digest: configDigest, size: configBytes.length },
    layers: [],
  };
  const stored = { mediaType: types[format], bytes: Buffer.from(JSON.stringify(manifest)) };
  const digest = digestOf(stored.bytes);
  for (const destination of flags(job, 'destination')) {
    const [name = '', tag = ''] = destination.slice(registry.host.length + 1).split(':');
    registry.blobs.set(`${name}@${configDigest}`, configBytes);
    registry.manifests.set(`${name}:${tag}`, stored).set(`${name}@${digest}`, stored);
  }
  return { digest };
}

function flags(job: Job, name: string): string[] {
  const { args = [] } = job.spec.template.spec.containers[0] ?? {};
  return args.flatMap((arg) => (arg.startsWith(`--${name}=`) ? [arg.slice(name.length + 3)] : []));
}

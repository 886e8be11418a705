/** The flags of the executor of osscontainertools/kaniko, as of v1.28. */
const known =
  'annotation bucket build-arg cache cache-copy-layers cache-dir cache-repo cache-run-layers cache-ttl cleanup compressed-caching ' +
  'compression compression-level context context-sub-path credential-helpers custom-platform destination digest-file dockerfile dryrun ' +
  'force force-build-metadata git ignore-path ignore-var-run image-download-retry image-format image-fs-extract-retry ' +
  'image-name-tag-with-digest-file image-name-with-digest-file insecure insecure-pull insecure-registry kaniko-dir label log-format ' +
  'log-timestamp materialize no-push no-push-cache oci-layout-path pre-cleanup preserve-context push-ignore-immutable-tag-errors ' +
  'push-retry registry-certificate registry-client-cert registry-map registry-mirror reproducible secret single-snapshot ' +
  'skip-default-registry-fallback skip-push-permission-check skip-tls-verify skip-tls-verify-pull skip-tls-verify-registry ' +
  'skip-unused-stages snapshot-mode tar-path target use-new-run verbosity whitelist-var-run customPlatform snapshotMode tarPath help';

/** What came after the archived project's last release, v1.24. */
const later = new Set(
  'annotation credential-helpers dryrun image-format materialize pre-cleanup preserve-context secret'.split(' '),
);

const current = new Set(known.split(' '));
const archived = new Set([...current].filter((flag) => !later.has(flag)));

/** What is known of an executor by its version. */
export interface ExecutorVersion {
  /** E.g. `1.28.3`. */
  readonly text: string;
  readonly flags: ReadonlySet<string>;
  /** Whether it is newer than what the list of flags is from, so that it may know more. */
  readonly isNewer: boolean;
}

/** @param text holds a version, as a tag (`v1.28.3-debug`) or what the executor prints for it does; undefined where it holds none */
export function executorVersion(text: string): ExecutorVersion | undefined {
  const [, major, minor, patch] = /\bv?(\d+)\.(\d+)\.(\d+)\b/.exec(text) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const [one, two] = [Number(major), Number(minor)];
  const isOld = one < 1 || (one === 1 && two <= 24);
  return {
    text: `${major}.${minor}.${patch ?? '0'}`,
    flags: isOld ? archived : current,
    isNewer: one > 1 || (one === 1 && two > 28),
  };
}

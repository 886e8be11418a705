/** Flags of the executor that the builder sets itself, or relies on, and what to use in their place. */
const ownedFlags: Readonly<Record<string, string>> = {
  context: 'the context is the folder given to `slipway build`',
  'context-sub-path': 'build the folder itself: `slipway build FOLDER`',
  bucket: 'the context is the folder given to `slipway build`',
  git: 'the context is the folder given to `slipway build`',
  dockerfile: 'give the Dockerfile with `slipway build -f`',
  destination: 'give the image with `slipway build -t`',
  'no-push': 'a build ends with a pushed image',
  'tar-path': 'a build ends with a pushed image',
  dryrun: 'a build ends with a pushed image; `slipway build --dry-run` prints what would be done',
  'digest-file': 'the digest is printed by `slipway build`',
  'image-name-with-digest-file': 'the digest is printed by `slipway build`',
  'image-name-tag-with-digest-file': 'the digest is printed by `slipway build`',
  'kaniko-dir': 'the builder mounts its files in /kaniko',
  cleanup: 'it would wipe the container, which is thrown away after the build anyway',
  'log-format': 'the builder reads the log in its usual form',
  'log-timestamp': 'the builder reads the log in its usual form',
};

/** Flags that have an attribute of their own; they may stand in `executor_args` while that attribute is not set. */
export const flagsOfAttributes: Readonly<Record<string, string>> = {
  cache: 'cache',
  'cache-repo': 'cache_repo',
  'cache-ttl': 'cache_ttl',
  'compressed-caching': 'compressed_caching',
  'snapshot-mode': 'snapshot_mode',
  'registry-mirror': 'registry_mirrors',
};

// What older executors call them; the names of flags were written in camel case once.
const shorthands: Readonly<Record<string, string>> = {
  '-c': 'context',
  '-f': 'dockerfile',
  '-d': 'destination',
  '-b': 'bucket',
  '--snapshotMode': 'snapshot-mode',
  '--customPlatform': 'custom-platform',
  '--tarPath': 'tar-path',
};

/** The name of the flag that the argument is, if it is one: `--context=x`, `-c` and `-cx` mean `context`. */
export function flagOf(argument: string): string | undefined {
  const [word = ''] = argument.split('=', 1);
  return shorthands[word] ?? /^--(.+)/.exec(word)?.[1] ?? shorthands[/^-[a-z]/i.exec(word)?.[0] ?? ''];
}

/** Why the flag cannot be given, where it cannot. */
export function ownedFlag(flag: string): string | undefined {
  return Object.hasOwn(ownedFlags, flag) ? ownedFlags[flag] : undefined;
}

/** Flags of the executor that the builder sets itself, and what to use in their place. */
export const ownedFlags: Readonly<Record<string, string>> = {
  context: 'the context is the folder given to `slipway build`',
  'context-sub-path': 'build the folder itself: `slipway build FOLDER`',
  bucket: 'the context is the folder given to `slipway build`',
  dockerfile: 'give the Dockerfile with `slipway build -f`',
  destination: 'give the image with `slipway build -t`',
  'no-push': 'a build ends with a pushed image',
  'tar-path': 'a build ends with a pushed image',
  'digest-file': 'the digest is printed by `slipway build`',
  'image-name-with-digest-file': 'the digest is printed by `slipway build`',
  'image-name-tag-with-digest-file': 'the digest is printed by `slipway build`',
  'kaniko-dir': 'the builder mounts its files in /kaniko',
  cleanup: 'it would wipe the container, which is thrown away after the build anyway',
};

const shorthands: Readonly<Record<string, string>> = { c: 'context', f: 'dockerfile', d: 'destination', b: 'bucket' };

/** The flag that the builder owns and that the argument sets, if it sets one: `--context=x` and `-c` mean `context`. */
export function ownedFlag(argument: string): string | undefined {
  const flag = /^--([^=]+)/.exec(argument)?.[1] ?? shorthands[/^-([a-z])/i.exec(argument)?.[1] ?? ''];
  return flag !== undefined && Object.hasOwn(ownedFlags, flag) ? flag : undefined;
}

/** What one architecture can be followed by. */
export interface Architecture {
  /** The most usual first. */
  readonly variants: readonly string[];
  /** What the name alone means, and is written without. */
  readonly implied?: string;
  /** What the name alone means, and is written with: others of it are about as common. */
  readonly assumed?: string;
}

const floats = { variants: ['hardfloat', 'softfloat'] };
const power = { variants: ['power8', 'power9', 'power10'] };
const none = { variants: [] };

/** The values of GOOS. */
export const operatingSystems: readonly string[] = [
  ...['linux', 'windows', 'darwin', 'freebsd', 'netbsd', 'openbsd', 'dragonfly', 'solaris', 'illumos', 'aix'],
  ...['android', 'ios', 'hurd', 'js', 'nacl', 'plan9', 'wasip1', 'zos'],
];

/** The values of GOARCH, with what Go and the OCI image specification know as their variants. */
export const architectures: ReadonlyMap<string, Architecture> = new Map<string, Architecture>([
  ['amd64', { variants: ['v1', 'v2', 'v3', 'v4'], implied: 'v1' }],
  ['arm64', { variants: ['v8', 'v9', ...minors('v8', 9), ...minors('v9', 5)], implied: 'v8' }],
  ['arm', { variants: ['v7', 'v6', 'v5', 'v8'], assumed: 'v7' }],
  ['386', { variants: ['sse2', 'softfloat'] }],
  ['loong64', none],
  ['mips', floats],
  ['mipsle', floats],
  ['mips64', floats],
  ['mips64le', floats],
  ['ppc64', power],
  ['ppc64le', power],
  ['riscv64', { variants: ['rva20u64', 'rva22u64', 'rva23u64'] }],
  ['s390x', none],
  ['wasm', { variants: ['satconv', 'signext'] }],
  // Go keeps these names for compilers other than its own.
  ...['amd64p32', 'arm64be', 'armbe', 'mips64p32', 'mips64p32le', 'ppc', 'riscv', 's390', 'sparc', 'sparc64'].map(
    (name): [string, Architecture] => [name, none],
  ),
]);

export const systemAliases: ReadonlyMap<string, string> = new Map([['macos', 'darwin']]);

/** What the kernel, Debian and people call architectures. The same as containerd has, so that they mean the same everywhere. */
export const architectureAliases: ReadonlyMap<string, { readonly architecture: string; readonly variant?: string }> =
  new Map([
    ['x86_64', { architecture: 'amd64' }],
    ['x86-64', { architecture: 'amd64' }],
    ['aarch64', { architecture: 'arm64' }],
    ['armhf', { architecture: 'arm', variant: 'v7' }],
    ['armel', { architecture: 'arm', variant: 'v6' }],
    ['i386', { architecture: '386' }],
  ]);

function minors(version: string, last: number): string[] {
  return Array.from({ length: last + 1 }, (_, minor) => `${version}.${minor}`);
}

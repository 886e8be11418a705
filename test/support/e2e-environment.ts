/*
 * What the end-to-end tests run against. They run where SLIPWAY_E2E_CONTEXT is set and nowhere else: a kubeconfig that lies around is no
 * wish to build in its clusters. They need kubectl, tar, Linux (whose /proc tells of a process what no other system does), and leave to
 * make a namespace, in which everything happens.
 *
 *   SLIPWAY_E2E_CONTEXT            the context of the kubeconfig to build in
 *   SLIPWAY_E2E_REGISTRY           HOST[:PORT][/PATH], reached by that name from pods and from here; each run pushes to a new path in it
 *   SLIPWAY_E2E_BASE_IMAGE         an image with a shell, find, wc and sha256sum that pods can pull, as a whole reference
 *   SLIPWAY_E2E_REGISTRY_INSECURE  `true` for plain HTTP (optional, like the next three)
 *   SLIPWAY_E2E_REGISTRY_USERNAME, SLIPWAY_E2E_REGISTRY_PASSWORD
 *   SLIPWAY_E2E_REGISTRY_CA        path of a PEM file
 *   SLIPWAY_E2E_EXECUTOR_IMAGE     the executor to build with (optional; else that of the flavor)
 *
 * A suite that needs more of the following is left out where it is missing:
 *
 *   SLIPWAY_E2E_TLS_REGISTRY       a second registry, behind a private authority and a password
 *   SLIPWAY_E2E_TLS_USERNAME, SLIPWAY_E2E_TLS_PASSWORD
 *   SLIPWAY_E2E_TLS_CA             path of a PEM file
 *   SLIPWAY_E2E_TLS_BASE_IMAGE     a base image in that registry, as a whole reference
 *   SLIPWAY_E2E_STANDIN_IMAGE      an executor that is quick, for builds in great number
 *   SLIPWAY_E2E_GCS_ENDPOINT       http://HOST:PORT of a Google Cloud Storage server without credentials, reached from pods and from here
 *   SLIPWAY_E2E_LARGE              `true` to build with a context of 2 GB as well, `false` not to
 *   SLIPWAY_E2E_KANIKO             `true` where the executor is Kaniko itself, `false` where another takes its flags
 *
 * With SLIPWAY_E2E_REQUIRED=true a variable that is missing is a failure of the run.
 */
const prefix = 'SLIPWAY_E2E_';

/** A registry that the tests push to and read from. */
export interface EndToEndRegistry {
  /** `HOST[:PORT][/PATH]`. */
  readonly uri: string;
  readonly insecure: boolean;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Path of a PEM file. */
  readonly authorities?: string | undefined;
}

/** What a suite may need beside the cluster, its registry and its base image: the variables that have to be there. */
const needs = {
  cluster: ['CONTEXT', 'REGISTRY', 'BASE_IMAGE'],
  protectedRegistry: ['TLS_REGISTRY', 'TLS_USERNAME', 'TLS_PASSWORD', 'TLS_CA', 'TLS_BASE_IMAGE'],
  googleStorage: ['GCS_ENDPOINT'],
  largeContext: ['LARGE'],
  /** What only Kaniko itself does, such as its cache. */
  kaniko: ['KANIKO'],
  standIn: ['STANDIN_IMAGE'],
} as const;

export type Need = keyof typeof needs;

function read(name: string): string | undefined {
  return process.env[`${prefix}${name}`] || undefined;
}

/** The first variable that says `false` to one of these needs. */
export function refusingVariable(wanted: readonly Need[]): string | undefined {
  const name = wanted.flatMap((need) => [...needs[need]]).find((variable) => read(variable) === 'false');
  return name === undefined ? undefined : `${prefix}${name}`;
}

/** The names of the variables that are missing for these needs. */
export function missingVariables(wanted: readonly Need[]): string[] {
  return wanted
    .flatMap((need) => [...needs[need]])
    .filter((name) => read(name) === undefined)
    .map((name) => `${prefix}${name}`);
}

function given(name: string): string {
  const value = read(name);
  if (value === undefined) throw new Error(`${prefix}${name} is not set.`);
  return value;
}

/** The variables, read when they are used. */
export const endToEndEnvironment = {
  get isChosen(): boolean {
    return read('CONTEXT') !== undefined;
  },
  get isRequired(): boolean {
    return read('REQUIRED') === 'true';
  },
  get context(): string {
    return given('CONTEXT');
  },
  get executorImage(): string | undefined {
    return read('EXECUTOR_IMAGE');
  },
  get baseImage(): string {
    return given('BASE_IMAGE');
  },
  get registry(): EndToEndRegistry {
    return {
      uri: given('REGISTRY'),
      insecure: read('REGISTRY_INSECURE') === 'true',
      username: read('REGISTRY_USERNAME'),
      password: read('REGISTRY_PASSWORD'),
      authorities: read('REGISTRY_CA'),
    };
  },
  get protectedBaseImage(): string {
    return given('TLS_BASE_IMAGE');
  },
  get protectedRegistry(): EndToEndRegistry & { readonly username: string; readonly password: string } {
    return {
      uri: given('TLS_REGISTRY'),
      insecure: false,
      username: given('TLS_USERNAME'),
      password: given('TLS_PASSWORD'),
      authorities: given('TLS_CA'),
    };
  },
  get standInImage(): string {
    return given('STANDIN_IMAGE');
  },
  get googleStorage(): string {
    return given('GCS_ENDPOINT');
  },
};

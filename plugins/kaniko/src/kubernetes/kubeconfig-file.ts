import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { parse } from 'yaml';
import { z } from 'zod';

const text = z.string().nullish();
const texts = z.array(z.string()).nullish();

const execPlugin = z.object({
  apiVersion: z.string(),
  command: z.string(),
  args: texts,
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: text,
  interactiveMode: z.enum(['Never', 'IfAvailable', 'Always']).nullish(),
  provideClusterInfo: z.boolean().nullish(),
});

const cluster = z.object({
  server: z.string(),
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': z.boolean().nullish(),
  'tls-server-name': text,
  'proxy-url': text,
});

const user = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-uid': text,
  'as-groups': texts,
  'as-user-extra': z.record(z.string(), z.array(z.string())).nullish(),
  exec: execPlugin.nullish(),
  'auth-provider': z.object({ name: z.string(), config: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

const kubeconfig = z.object({
  'current-context': text,
  clusters: z.array(z.object({ name: z.string(), cluster })).nullish(),
  users: z.array(z.object({ name: z.string(), user })).nullish(),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: text, namespace: text }) }))
    .nullish(),
});

export type KubeconfigCluster = z.output<typeof cluster>;
export type KubeconfigUser = z.output<typeof user>;
export type KubeconfigExecPlugin = z.output<typeof execPlugin>;

/** What the kubeconfig files say together. */
export interface Kubeconfig {
  readonly paths: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>;
  readonly users: ReadonlyMap<string, KubeconfigUser>;
  readonly contexts: ReadonlyMap<string, { cluster: string; user?: string | null; namespace?: string | null }>;
}

/**
 * Reads the files of `KUBECONFIG`, else `~/.kube/config`, as kubectl does: of several entries with one name the first counts, files
 * that are not there are passed over, and paths within a file are relative to it.
 * @param path the one file to read instead; may begin with `~/`
 * @throws SlipwayError `KUBECONFIG_NOT_FOUND`, `KUBECONFIG_INVALID`
 */
export async function readKubeconfig(environment: NodeJS.ProcessEnv = process.env, path?: string): Promise<Kubeconfig> {
  const home = environment['HOME'] ?? homedir();
  const given =
    path === undefined ? (environment['KUBECONFIG'] ?? '').split(delimiter) : [path.replace(/^~(?=\/)/, home)];
  const named = given.filter((name) => name !== '');
  const paths = named.length > 0 ? named : [join(home, '.kube', 'config')];
  const files = (await Promise.all(paths.map(readFileOf))).filter((file) => file !== undefined);
  if (files.length === 0) {
    throw new SlipwayError({
      code: 'KUBECONFIG_NOT_FOUND',
      message: `There is no kubeconfig at ${paths.join(' or ')}.`,
      reason: 'It says where your clusters are and who you are there.',
      fix: 'Get one from the administrator or the provider of the cluster, or name its path in KUBECONFIG or with --kubeconfig.',
    });
  }
  return {
    paths,
    currentContext: files.map((file) => file['current-context']).find((name) => name) ?? undefined,
    clusters: firstByName(files.flatMap(({ clusters }) => clusters ?? []).map((entry) => [entry.name, entry.cluster])),
    users: firstByName(files.flatMap(({ users }) => users ?? []).map((entry) => [entry.name, entry.user])),
    contexts: firstByName(files.flatMap(({ contexts }) => contexts ?? []).map((entry) => [entry.name, entry.context])),
  };
}

async function readFileOf(path: string): Promise<z.output<typeof kubeconfig> | undefined> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw invalid(path, (error as Error).message, error);
  }
  let value: unknown;
  try {
    value = parse(content) ?? {};
  } catch (error) {
    // The message of the parser quotes the file, which holds credentials: only where it failed is told.
    const [position] = (error as { linePos?: { line: number }[] }).linePos ?? [];
    throw invalid(path, position === undefined ? 'It is not YAML' : `It is not YAML, line ${position.line}`);
  }
  const result = kubeconfig.safeParse(value);
  if (!result.success) {
    const { path: where = [], message = '' } = result.error.issues[0] ?? {};
    throw invalid(path, where.length === 0 ? message : `${where.map(String).join('.')}: ${message}`, result.error);
  }
  return withAbsolutePaths(result.data, dirname(resolve(path)));
}

function withAbsolutePaths(file: z.output<typeof kubeconfig>, folder: string): z.output<typeof kubeconfig> {
  const absolute = <T extends object>(entry: T, keys: readonly (keyof T)[]): void => {
    for (const key of keys) {
      const value = entry[key];
      if (typeof value === 'string' && value !== '') entry[key] = resolve(folder, value) as T[typeof key];
    }
  };
  for (const entry of file.clusters ?? []) absolute(entry.cluster, ['certificate-authority']);
  for (const entry of file.users ?? []) {
    absolute(entry.user, ['client-certificate', 'client-key', 'tokenFile']);
    // A command with a separator is a path, one without is looked up in PATH.
    if (entry.user.exec?.command.includes('/')) absolute(entry.user.exec, ['command']);
  }
  return file;
}

function firstByName<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  return new Map([...entries].reverse());
}

function invalid(path: string, reason: string, cause?: unknown): SlipwayError {
  return new SlipwayError({
    code: 'KUBECONFIG_INVALID',
    message: `The kubeconfig ${path} cannot be used.`,
    reason: `${reason}.`,
    fix: 'kubectl config view',
    cause,
  });
}

import { spawn } from 'node:child_process';
import { SlipwayError } from '@slipway/core';
import { z } from 'zod';
import type { KubeconfigCluster, KubeconfigExecPlugin } from './kubeconfig-file.js';

const execCredential = z.object({
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

export type ExecCredential = z.output<typeof execCredential>['status'];

/**
 * Asks the command of a kubeconfig's user for credentials, after the protocol of client.authentication.k8s.io.
 * What the command writes to standard error, such as the address of a login page, goes through to ours.
 * @throws SlipwayError `CREDENTIAL_PLUGIN_MISSING`, `CREDENTIAL_PLUGIN_FAILED`
 */
export async function execCredentialPlugin(
  plugin: KubeconfigExecPlugin,
  cluster: KubeconfigCluster,
): Promise<ExecCredential> {
  const interactive = plugin.interactiveMode !== 'Never' && process.stdin.isTTY;
  const output = await run(plugin, interactive, {
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive, ...(plugin.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  });
  try {
    return execCredential.parse(JSON.parse(output)).status;
  } catch {
    // Neither the output nor what a parser says of it is shown: it holds the credentials.
    throw failed(plugin, 'Its output is no ExecCredential.');
  }
}

function run(plugin: KubeconfigExecPlugin, interactive: boolean, info: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const environment = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]));
    const child = spawn(plugin.command, plugin.args ?? [], {
      env: { ...process.env, ...environment, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? missing(plugin) : failed(plugin, `${error.message}.`)),
    );
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else reject(failed(plugin, `It ended with ${code === null ? `signal ${String(signal)}` : `exit code ${code}`}.`));
    });
  });
}

function clusterInfo(cluster: KubeconfigCluster): object {
  return {
    server: cluster.server,
    ...(cluster['tls-server-name'] ? { 'tls-server-name': cluster['tls-server-name'] } : {}),
    ...(cluster['insecure-skip-tls-verify'] ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster['certificate-authority-data']
      ? { 'certificate-authority-data': cluster['certificate-authority-data'] }
      : {}),
    ...(cluster['proxy-url'] ? { 'proxy-url': cluster['proxy-url'] } : {}),
  };
}

function missing(plugin: KubeconfigExecPlugin): SlipwayError {
  return new SlipwayError({
    code: 'CREDENTIAL_PLUGIN_MISSING',
    message: `The command '${plugin.command}', which the kubeconfig names for your credentials, is not installed.`,
    fix: plugin.installHint?.trim() || `Install '${plugin.command}', or put it into the PATH.`,
  });
}

function failed(plugin: KubeconfigExecPlugin, reason: string): SlipwayError {
  return new SlipwayError({
    code: 'CREDENTIAL_PLUGIN_FAILED',
    message: `The command '${plugin.command}', which the kubeconfig names for your credentials, failed.`,
    reason,
    fix: 'Log in with your provider again; `kubectl get pods` with the same context shows the same failure.',
  });
}

export interface KubeconfigOptions {
  /** Name of the only and current context; `scripted` unless given. */
  readonly context?: string;
  /** The context's namespace; none unless given. */
  readonly namespace?: string;
  /** A token instead of the right one, to be refused with. */
  readonly token?: string;
}

/**
 * A kubeconfig of one cluster, user and context, as YAML (of which JSON is a part, which spares its quoting rules).
 * `insecure-skip-tls-verify` is there because `@kubernetes/client-node` refuses plain HTTP without it.
 */
export function kubeconfigOf(server: string, token: string, options: KubeconfigOptions): string {
  const { context = 'scripted', namespace } = options;
  const quote = (text: string): string => JSON.stringify(text);
  return [
    'apiVersion: v1',
    'kind: Config',
    `current-context: ${quote(context)}`,
    'clusters:',
    `  - name: ${quote(context)}`,
    `    cluster: { server: ${quote(server)}, insecure-skip-tls-verify: true }`,
    'users:',
    `  - name: ${quote(context)}`,
    `    user: { token: ${quote(options.token ?? token)} }`,
    'contexts:',
    `  - name: ${quote(context)}`,
    '    context:',
    `      cluster: ${quote(context)}`,
    `      user: ${quote(context)}`,
    ...(namespace === undefined ? [] : [`      namespace: ${quote(namespace)}`]),
    '',
  ].join('\n');
}

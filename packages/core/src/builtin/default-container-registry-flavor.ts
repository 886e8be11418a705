import { X509Certificate } from 'node:crypto';
import { isIPv6 } from 'node:net';
import * as z from 'zod/mini';
import { defineFlavor, withJsonSchema } from '../flavors/flavor.js';

const hostPattern = /^(?:\[([^\]]*)\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?$/i;
// A repository's name as the OCI distribution specification has it: lower case.
const repositoryPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

const uri = z
  .string()
  .check(
    z.overwrite((text) => text.replace(/\/+$/, '')),
    z.superRefine((text, context) => {
      if (text.includes('://'))
        context.addIssue('must have no scheme; write HOST[:PORT][/PATH], and insecure for HTTP');
      else if (!isRegistry(text))
        context.addIssue('must look like HOST[:PORT][/PATH], e.g. ghcr.io/acme, its path in lower case');
    }),
  )
  .register(z.globalRegistry, {
    description: 'Where the registry is: HOST[:PORT][/PATH].',
    example: 'ghcr.io/acme',
  });

const defaultContainerRegistryConfiguration = withJsonSchema(
  z
    .strictObject({
      uri,
      default_repository: z
        .optional(
          z.string().check(z.regex(repositoryPattern, 'must look like demo/app, in lower case and without tag')),
        )
        .register(z.globalRegistry, {
          description: 'The repository of builds that name none, relative to `uri`.',
          example: 'demo/app',
        }),
      insecure: z._default(z.boolean(), false).register(z.globalRegistry, { description: 'Use plain HTTP.' }),
      skip_tls_verify: z
        ._default(z.boolean(), false)
        .register(z.globalRegistry, { description: 'Use HTTPS without checking the certificate.' }),
      ca_bundle: z
        .optional(
          z.string().check(
            z.superRefine((pem, context) => {
              if (!isCertificates(pem)) context.addIssue('must be certificates as PEM text, e.g. --ca_bundle=@ca.crt');
            }),
          ),
        )
        .register(z.globalRegistry, {
          description: "Authorities to trust beside the system's, as PEM text.",
          example: '@ca.crt',
        }),
      username: z
        .optional(z.string().check(z.minLength(1)))
        .register(z.globalRegistry, { description: 'User name at the registry.' }),
      password: z
        .optional(z.string().check(z.minLength(1)))
        .register(z.globalRegistry, { description: 'Password or token at the registry.', secret: true }),
    })
    .check(
      z.superRefine(({ username, password }, context) => {
        if (username !== undefined && password === undefined) {
          context.addIssue({ code: 'custom', path: ['password'], message: 'is missing, as there is a username' });
        }
        if (password !== undefined && username === undefined) {
          context.addIssue({ code: 'custom', path: ['username'], message: 'is missing, as there is a password' });
        }
      }),
    ),
  z.toJSONSchema,
);

export type DefaultContainerRegistryConfiguration = z.output<typeof defaultContainerRegistryConfiguration>;

export const defaultContainerRegistryFlavor = defineFlavor({
  type: 'container_registry',
  name: 'default',
  description: 'Any registry that speaks the OCI distribution protocol.',
  configSchema: defaultContainerRegistryConfiguration,
  implementation: async () => (await import('./default-container-registry.js')).DefaultContainerRegistry,
});

function isRegistry(uri: string): boolean {
  const [authority = '', ...path] = uri.split('/');
  const match = hostPattern.exec(authority);
  if (match === null) return false;
  const [, address, port] = match;
  if (address !== undefined && !isIPv6(address)) return false;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return false;
  return path.length === 0 || repositoryPattern.test(path.join('/'));
}

// Each by itself: where several are given at once, Node takes those before the first broken one and is silent.
function isCertificates(pem: string): boolean {
  const blocks = pem.split(/(?=-----BEGIN )/).filter((block) => block.includes('-----BEGIN '));
  try {
    return blocks.length > 0 && blocks.every((block) => new X509Certificate(block).raw.length > 0);
  } catch {
    return false;
  }
}

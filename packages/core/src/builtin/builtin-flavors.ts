import type { FlavorDescription } from '../flavors/flavor-description.js';

/** Generated from the schemas by `npm run docs`; a test compares them. */
export const builtinFlavors: readonly FlavorDescription[] = [
  {
    type: 'container_registry',
    name: 'default',
    description: 'Any registry that speaks the OCI distribution protocol.',
    fields: [
      {
        name: 'uri',
        type: 'string',
        required: true,
        description: 'Where the registry is: HOST[:PORT][/PATH].',
        secret: false,
        example: 'ghcr.io/acme',
        deprecated: false,
      },
      {
        name: 'default_repository',
        type: 'string',
        required: false,
        description: 'The repository of builds that name none, relative to `uri`.',
        secret: false,
        example: 'demo/app',
        deprecated: false,
      },
      {
        name: 'insecure',
        type: 'boolean',
        required: false,
        description: 'Use plain HTTP.',
        default: false,
        secret: false,
        deprecated: false,
      },
      {
        name: 'skip_tls_verify',
        type: 'boolean',
        required: false,
        description: 'Use HTTPS without checking the certificate.',
        default: false,
        secret: false,
        deprecated: false,
      },
      {
        name: 'ca_bundle',
        type: 'string',
        required: false,
        description: "Authorities to trust beside the system's, as PEM text.",
        secret: false,
        example: '@ca.crt',
        deprecated: false,
      },
      {
        name: 'username',
        type: 'string',
        required: false,
        description: 'User name at the registry.',
        secret: false,
        deprecated: false,
      },
      {
        name: 'password',
        type: 'string',
        required: false,
        description: 'Password or token at the registry.',
        secret: true,
        deprecated: false,
      },
    ],
  },
  {
    type: 'artifact_store',
    name: 'local',
    description: 'A folder of this machine.',
    fields: [
      {
        name: 'path',
        type: 'string',
        required: false,
        description: 'A folder of this machine; by default `artifacts` in the configuration folder.',
        secret: false,
        example: '/var/lib/artifacts',
        deprecated: false,
      },
    ],
  },
];

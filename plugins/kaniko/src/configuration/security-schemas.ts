import { z } from 'zod';
import { object, text } from './kubernetes-object.js';

const id = z.int().min(0);

const seLinuxOptions = object({
  user: z.string().optional(),
  role: z.string().optional(),
  type: z.string().optional(),
  level: z.string().optional(),
}).optional();

const profile = object({
  type: z.enum(['Localhost', 'RuntimeDefault', 'Unconfined']),
  localhostProfile: text.optional(),
}).optional();

const windowsOptions = z.looseObject({}).optional();

/** `PodSecurityContext` of core/v1. */
export const podSecurityContext = object({
  runAsUser: id.optional(),
  runAsGroup: id.optional(),
  runAsNonRoot: z.boolean().optional(),
  fsGroup: id.optional(),
  fsGroupChangePolicy: z.enum(['Always', 'OnRootMismatch']).optional(),
  supplementalGroups: z.array(id).optional(),
  supplementalGroupsPolicy: z.enum(['Merge', 'Strict']).optional(),
  seLinuxOptions,
  seLinuxChangePolicy: z.enum(['MountOption', 'Recursive']).optional(),
  seccompProfile: profile,
  appArmorProfile: profile,
  sysctls: z.array(object({ name: text, value: z.string() })).optional(),
  windowsOptions,
});

/** `SecurityContext` of core/v1. */
export const containerSecurityContext = object({
  allowPrivilegeEscalation: z.boolean().optional(),
  privileged: z.boolean().optional(),
  readOnlyRootFilesystem: z
    .boolean()
    .refine((readOnly) => !readOnly, 'must not be true: the executor unpacks images into the root of its container')
    .optional(),
  runAsUser: id.optional(),
  runAsGroup: id.optional(),
  runAsNonRoot: z.boolean().optional(),
  capabilities: object({ add: z.array(text).optional(), drop: z.array(text).optional() }).optional(),
  procMount: z.enum(['Default', 'Unmasked']).optional(),
  seLinuxOptions,
  seccompProfile: profile,
  appArmorProfile: profile,
  windowsOptions,
});

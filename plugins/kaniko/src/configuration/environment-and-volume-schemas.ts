import { z } from 'zod';
import { dnsLabelPattern, exactlyOneOf, object, text } from './kubernetes-object.js';

const dnsLabel = z.string().regex(dnsLabelPattern, 'must be lower-case letters, digits and hyphens, at most 63');
const environmentName = z.string().regex(/^[^=\s]+$/, 'must be the name of an environment variable');
const mode = z.int().min(0).max(0o777);

const keySelector = object({ name: text, key: text, optional: z.boolean().optional() });
const fieldSelector = object({ fieldPath: text, apiVersion: text.optional() });
const resourceFieldSelector = object({
  resource: text,
  containerName: text.optional(),
  divisor: text.optional(),
});

const valueSources = {
  secretKeyRef: keySelector.optional(),
  configMapKeyRef: keySelector.optional(),
  fieldRef: fieldSelector.optional(),
  resourceFieldRef: resourceFieldSelector.optional(),
};

/** `EnvVar` of core/v1. */
export const environmentVariable = object({
  name: environmentName,
  value: z.string().optional(),
  valueFrom: object(valueSources)
    .superRefine(exactlyOneOf(Object.keys(valueSources), 'source'))
    .optional(),
}).superRefine(({ value, valueFrom }, context) => {
  if (value !== undefined && valueFrom !== undefined) context.addIssue('has both value and valueFrom');
});

const nameSource = object({ name: text, optional: z.boolean().optional() });

/** `EnvFromSource` of core/v1. */
export const environmentSource = object({
  prefix: z.string().optional(),
  secretRef: nameSource.optional(),
  configMapRef: nameSource.optional(),
}).superRefine(exactlyOneOf(['secretRef', 'configMapRef'], 'source'));

/** `VolumeMount` of core/v1. */
export const volumeMount = object({
  name: dnsLabel,
  mountPath: text.regex(/^[^:]*$/, 'must not contain a colon'),
  subPath: text.optional(),
  subPathExpr: text.optional(),
  readOnly: z.boolean().optional(),
  recursiveReadOnly: z.enum(['Disabled', 'IfPossible', 'Enabled']).optional(),
  mountPropagation: z.enum(['None', 'HostToContainer', 'Bidirectional']).optional(),
});

const items = z.array(object({ key: text, path: text, mode: mode.optional() })).optional();
const optional = z.boolean().optional();
const downwardItems = z
  .array(
    object({
      path: text,
      fieldRef: fieldSelector.optional(),
      resourceFieldRef: resourceFieldSelector.optional(),
      mode: mode.optional(),
    }),
  )
  .optional();

const projections = {
  secret: object({ name: text, items, optional }).optional(),
  configMap: object({ name: text, items, optional }).optional(),
  downwardAPI: object({ items: downwardItems }).optional(),
  serviceAccountToken: object({
    path: text,
    audience: text.optional(),
    expirationSeconds: z.int().min(600).optional(),
  }).optional(),
  clusterTrustBundle: z.looseObject({ path: text }).optional(),
  podCertificate: z.looseObject({}).optional(),
};

// The sources that people use for builds are checked in full; of the others only that they are what the API server knows.
const volumeSources = {
  secret: object({ secretName: text, items, optional, defaultMode: mode.optional() }).optional(),
  configMap: object({ name: text, items, optional, defaultMode: mode.optional() }).optional(),
  emptyDir: object({ medium: z.enum(['', 'Memory', 'HugePages']).optional(), sizeLimit: text.optional() }).optional(),
  persistentVolumeClaim: object({ claimName: text, readOnly: z.boolean().optional() }).optional(),
  hostPath: object({ path: text, type: z.string().optional() }).optional(),
  projected: object({
    sources: z.array(object(projections).superRefine(exactlyOneOf(Object.keys(projections), 'source'))),
    defaultMode: mode.optional(),
  }).optional(),
  downwardAPI: object({ items: downwardItems, defaultMode: mode.optional() }).optional(),
  nfs: object({ server: text, path: text, readOnly: z.boolean().optional() }).optional(),
  csi: z.looseObject({ driver: text }).optional(),
  ephemeral: z.looseObject({}).optional(),
  image: z.looseObject({}).optional(),
  iscsi: z.looseObject({}).optional(),
  fc: z.looseObject({}).optional(),
  azureFile: z.looseObject({}).optional(),
  azureDisk: z.looseObject({}).optional(),
  cephfs: z.looseObject({}).optional(),
  rbd: z.looseObject({}).optional(),
  awsElasticBlockStore: z.looseObject({}).optional(),
  gcePersistentDisk: z.looseObject({}).optional(),
  vsphereVolume: z.looseObject({}).optional(),
  portworxVolume: z.looseObject({}).optional(),
  flexVolume: z.looseObject({}).optional(),
};

/** `Volume` of core/v1. */
export const volume = object({ name: dnsLabel, ...volumeSources }).superRefine(
  exactlyOneOf(Object.keys(volumeSources), 'source'),
);

import { z } from 'zod';
import { labelText, object, qualifiedName, text } from './kubernetes-object.js';

const quantity = z.union([
  z
    .string()
    .regex(
      /^[+-]?(\d+(\.\d*)?|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/,
      'must be a quantity such as 500m, 2 or 8Gi',
    ),
  z.number(),
]);

/** `ResourceRequirements` of core/v1. */
export const resourceRequirements = object({
  limits: z.record(z.string(), quantity).optional(),
  requests: z.record(z.string(), quantity).optional(),
  claims: z.array(object({ name: text, request: text.optional() })).optional(),
});

export const nodeSelector = z.record(qualifiedName, labelText);

/** `Toleration` of core/v1. */
export const toleration = object({
  key: z.string().optional(),
  operator: z.enum(['Exists', 'Equal', 'Lt', 'Gt']).optional(),
  value: z.string().optional(),
  effect: z.enum(['', 'NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: z.int().optional(),
}).superRefine(({ key, operator }, context) => {
  if (!key && operator !== 'Exists') context.addIssue('needs a key, or the operator Exists');
});

const nodeRequirement = object({
  key: text,
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
  values: z.array(z.string()).optional(),
});
const nodeTerm = object({
  matchExpressions: z.array(nodeRequirement).optional(),
  matchFields: z.array(nodeRequirement).optional(),
});

const labelSelector = object({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z
    .array(
      object({
        key: text,
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});
const podTerm = object({
  topologyKey: text,
  labelSelector: labelSelector.optional(),
  namespaces: z.array(text).optional(),
  namespaceSelector: labelSelector.optional(),
  matchLabelKeys: z.array(text).optional(),
  mismatchLabelKeys: z.array(text).optional(),
});
const weight = z.int().min(1).max(100);
const podAffinity = object({
  requiredDuringSchedulingIgnoredDuringExecution: z.array(podTerm).optional(),
  preferredDuringSchedulingIgnoredDuringExecution: z.array(object({ weight, podAffinityTerm: podTerm })).optional(),
});

/** `Affinity` of core/v1. */
export const affinity = object({
  nodeAffinity: object({
    requiredDuringSchedulingIgnoredDuringExecution: object({ nodeSelectorTerms: z.array(nodeTerm).min(1) }).optional(),
    preferredDuringSchedulingIgnoredDuringExecution: z.array(object({ weight, preference: nodeTerm })).optional(),
  }).optional(),
  podAffinity: podAffinity.optional(),
  podAntiAffinity: podAffinity.optional(),
});

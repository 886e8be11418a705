import type { ComponentInfo, Stack, StackProblem } from '@slipway/core';
import type { KanikoConfiguration } from './configuration/kaniko-configuration.js';

/** What keeps the builder from working in this stack: builds run in a cluster, which must reach registry and artifact store. */
export function stackProblems(
  stack: Stack,
  info: ComponentInfo,
  configuration: KanikoConfiguration,
): readonly StackProblem[] {
  return [
    ...registryProblems(stack, info),
    ...(configuration.store_context_in_artifact_store ? storeProblems(stack, info) : []),
  ];
}

function registryProblems(stack: Stack, info: ComponentInfo): readonly StackProblem[] {
  const registry = stack.get('container_registry');
  if (registry === undefined) {
    return [
      {
        message: `the kaniko image builder '${info.name}' needs a container registry.`,
        reason: 'It pushes what it builds, from inside the cluster.',
        fix: `Add -c REGISTRY, or to a stack that is there: slipway stack update STACK -c REGISTRY; without one yet: slipway container-registry register REGISTRY --flavor=default --uri=HOST/PATH`,
      },
    ];
  }
  if (!registry.isLocal) return [];
  return [
    {
      message: `the container registry '${registry.info.name}' (${registry.uri}) is on this machine.`,
      reason: `The kaniko image builder '${info.name}' builds in a cluster, where that address means another machine.`,
      fix: `Use a registry that the cluster reaches: slipway container-registry update ${registry.info.name} --uri=HOST/PATH`,
    },
  ];
}

function storeProblems(stack: Stack, info: ComponentInfo): readonly StackProblem[] {
  const store = stack.get('artifact_store');
  const fix =
    'Add a remote artifact store with -a STORE, or to a stack that is there: slipway stack update STACK -a STORE; or send contexts directly: ' +
    `slipway image-builder update ${info.name} --store_context_in_artifact_store=false`;
  if (store === undefined) {
    const message = `the kaniko image builder '${info.name}' hands contexts over through an artifact store, and there is none.`;
    return [{ message, fix }];
  }
  if (!store.isLocal) return [];
  return [
    {
      message: `the artifact store '${store.info.name}' is on this machine.`,
      reason: `The kaniko image builder '${info.name}' has store_context_in_artifact_store set, and the cluster cannot read that store.`,
      fix,
    },
  ];
}

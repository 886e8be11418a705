import type { V1LimitRange, V1PodSpec, V1ResourceQuota } from '@kubernetes/client-node';
import type { DoctorCheck } from '@slipway/core';
import { quantity } from './quantity.js';

type Amounts = Readonly<Record<string, string | number>>;

/** What one container asks for, after the defaults of the namespace. */
interface Demand {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

const correct = 'slipway image-builder update NAME --resources=…';

/** What the namespace's quotas and limit ranges say to the pod of a build. */
export function capacityChecks(
  pod: V1PodSpec,
  quotas: readonly V1ResourceQuota[],
  ranges: readonly V1LimitRange[],
): readonly DoctorCheck[] {
  const demand = demandOf(pod, ranges);
  const problems = [
    ...ranges.flatMap((range) => rangeProblems(range, demand)),
    ...quotas.flatMap((quota) => quotaProblems(quota, demand)),
  ];
  if (problems.length > 0) return problems;
  const bounds = [...quotas, ...ranges].map(({ metadata }) => metadata?.name ?? '');
  if (bounds.length === 0) return [];
  return [{ id: 'capacity', outcome: 'ok', message: `A build fits into ${bounds.join(', ')}.` }];
}

function demandOf(pod: V1PodSpec, ranges: readonly V1LimitRange[]): Demand {
  const { requests = {}, limits = {} } = pod.containers[0]?.resources ?? {};
  const items = ranges.flatMap(({ spec }) => spec?.limits ?? []).filter(({ type }) => type === 'Container');
  const defaults = Object.assign({}, ...items.map((item) => item._default ?? defaultOf(item))) as Amounts;
  const defaultRequests = Object.assign({}, ...items.map(({ defaultRequest }) => defaultRequest ?? {})) as Amounts;
  const allLimits = { ...defaults, ...limits };
  // A limit without a request is a request as well.
  return { limits: allLimits, requests: { ...defaultRequests, ...allLimits, ...defaultRequests, ...requests } };
}

/** The field is called `default`, which the client's types cannot say. */
function defaultOf(item: object): Amounts {
  return ((item as Record<string, unknown>)['default'] as Amounts | undefined) ?? {};
}

function rangeProblems({ metadata, spec }: V1LimitRange, demand: Demand): DoctorCheck[] {
  const name = metadata?.name ?? '';
  return (spec?.limits ?? [])
    .filter(({ type }) => type === 'Container' || type === 'Pod')
    .flatMap(({ max = {}, min = {} }) => [
      ...Object.entries(max).flatMap(([resource, most]) => {
        const asked = demand.limits[resource] ?? demand.requests[resource];
        if (asked === undefined || !(quantity(asked) > quantity(most))) return [];
        return [rangeProblem(name, `${resource} ${asked} is more than its maximum, ${most}`)];
      }),
      ...Object.entries(min).flatMap(([resource, least]) => {
        const asked = demand.requests[resource] ?? demand.limits[resource];
        if (asked === undefined || !(quantity(asked) < quantity(least))) return [];
        return [rangeProblem(name, `${resource} ${asked} is less than its minimum, ${least}`)];
      }),
    ]);
}

function rangeProblem(name: string, reason: string): DoctorCheck {
  return {
    id: 'limit-range',
    outcome: 'failure',
    message: `The limit range '${name}' does not allow what a build asks for.`,
    reason: `${reason}.`,
    fix: correct,
    code: 'LIMIT_RANGE_VIOLATED',
  };
}

function quotaProblems({ metadata, spec, status }: V1ResourceQuota, demand: Demand): DoctorCheck[] {
  // Which pods a scope means is for the admission to say.
  if (spec?.scopes !== undefined || spec?.scopeSelector !== undefined) return [];
  const name = metadata?.name ?? '';
  const { hard = {}, used = {} } = status ?? {};
  return Object.entries(hard).flatMap(([key, most]) => {
    const asked = askedOf(key, demand);
    if (asked === undefined) return [];
    if (asked === 'unsaid') {
      const reason = `It bounds ${key}, and so wants every pod to say it.`;
      return [quotaProblem(`Under the quota '${name}' a build has to say its ${key}.`, reason, correct)];
    }
    const free = quantity(most) - quantity(used[key] ?? 0);
    if (quantity(asked) <= free) return [];
    const everything = quantity(asked) > quantity(most);
    return [
      quotaProblem(
        `The quota '${name}' does not let a build start${everything ? '' : ' now'}.`,
        `A build asks for ${key} ${asked}; ${used[key] ?? 0} of ${most} are used.`,
        everything
          ? `Ask for less: ${correct}, or have the quota raised.`
          : 'End what else runs there, or have it raised.',
      ),
    ];
  });
}

/** What one build adds to what a quota counts; `unsaid` where the quota wants to know and the pod does not tell. */
function askedOf(key: string, { requests, limits }: Demand): string | number | undefined {
  if (key === 'pods' || key === 'count/pods' || key === 'count/jobs.batch') return 1;
  const [, kind = 'requests', resource = key] = /^(requests|limits)\.(.+)$/.exec(key) ?? [];
  const isComputed = ['cpu', 'memory'].includes(resource);
  if (!isComputed && resource !== 'ephemeral-storage') return undefined;
  const asked = (kind === 'limits' ? limits : requests)[resource];
  return asked ?? (isComputed ? 'unsaid' : undefined);
}

function quotaProblem(message: string, reason: string, fix: string): DoctorCheck {
  return { id: 'quota', outcome: 'failure', message, reason, fix, code: 'QUOTA_EXCEEDED' };
}

import type { ServerResponse } from 'node:http';
import { breakOff } from './break-off.js';
import type { ContainerProcess, LogLine } from './container-process.js';
import type { Pod } from './kubernetes-object.js';
import { failure, StatusError } from './status.js';

/** Answers `pods/log`: the lines so far, and with `follow=true` the later ones until the container ends. */
export function servePodLog(
  pod: Pod,
  process: ContainerProcess | undefined,
  query: URLSearchParams,
  dropAfterLines: number | undefined,
  response: ServerResponse,
): void {
  const container = containerOf(pod, query.get('container'));
  const tailLines = tailLinesOf(pod, query);
  const since = sinceTimeOf(query);
  if (pod.spec.nodeName === undefined || process === undefined) {
    response.writeHead(204).end();
    return;
  }
  const state = pod.status.containerStatuses?.find((status) => status.name === container)?.state;
  if (state !== undefined && 'waiting' in state) throw notStarted(pod, container, state.waiting.reason);

  response.writeHead(200, { 'content-type': 'text/plain' });
  response.flushHeaders();
  const timestamps = isTrue(query.get('timestamps'));
  let written = 0;
  const write = (line: LogLine): void => {
    if (written === dropAfterLines) return;
    response.write(`${timestamps ? `${line.time} ` : ''}${line.text}\n`);
    written += 1;
    if (written === dropAfterLines) breakOff(response);
  };
  const past = process.lines.filter((line) => line.time >= since);
  for (const line of tailLines === undefined ? past : past.slice(past.length - Math.min(tailLines, past.length))) {
    write(line);
  }
  if (written === dropAfterLines) return;
  if (!isTrue(query.get('follow')) || process.ended) {
    response.end();
    return;
  }
  const unsubscribe = process.onOutput((line) => {
    if (line !== undefined) write(line);
    else if (written !== dropAfterLines) response.end();
  });
  response.on('close', unsubscribe);
}

/** The container a request names, or the pod's only one. Throws a 400 StatusError for another name. */
export function containerOf(pod: Pod, name: string | null): string {
  const names = pod.spec.containers.map((container) => container.name);
  if (name === null || name === '') {
    if (names.length === 1) return names[0] ?? '';
    const message = `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`;
    throw new StatusError(failure(400, message));
  }
  if (names.includes(name)) return name;
  throw new StatusError(failure(400, `container ${name} is not valid for pod ${pod.metadata.name}`));
}

export function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

function notStarted(pod: Pod, container: string, reason: string): StatusError {
  const why =
    { ErrImagePull: "image can't be pulled", ImagePullBackOff: 'trying and failing to pull image' }[reason] ?? reason;
  const message = `container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${why}`;
  return new StatusError(failure(400, message));
}

function tailLinesOf(pod: Pod, query: URLSearchParams): number | undefined {
  const text = query.get('tailLines');
  if (text === null) return undefined;
  const lines = Number(text);
  if (lines >= 0) return lines;
  const message = `Invalid value: ${text}: must be greater than or equal to 0`;
  const { name } = pod.metadata;
  throw new StatusError(
    failure(422, `PodLogOptions "${name}" is invalid: tailLines: ${message}`, {
      details: { name, kind: 'PodLogOptions', causes: [{ reason: 'FieldValueInvalid', message, field: 'tailLines' }] },
    }),
  );
}

/** The API server passes `sinceTime` on in whole seconds, so lines of that second come again. */
function sinceTimeOf(query: URLSearchParams): string {
  const text = query.get('sinceTime');
  if (text === null) return '';
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw new StatusError(
      failure(400, `parsing time "${text}" as "2006-01-02T15:04:05Z07:00": cannot parse "${text}" as "2006"`),
    );
  }
  return time.toISOString().slice(0, 19);
}

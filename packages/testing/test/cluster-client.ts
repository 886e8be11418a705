import { BatchV1Api, CoreV1Api, KubeConfig, Watch, type V1Job, type V1Pod } from '@kubernetes/client-node';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { WebSocket, type RawData } from 'ws';
import type { ScriptedKubernetesApi } from '../src/index.js';

export const token = 'let-me-in';
export const builds = '/apis/batch/v1/namespaces/default/jobs';
export const podsPath = '/api/v1/namespaces/default/pods';

/** A Job as a build makes it. */
export function buildJob(name = 'build-1'): V1Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            {
              name: 'kaniko',
              image: 'executor:1',
              stdin: true,
              stdinOnce: true,
              args: [
                '--context=tar://stdin',
                '--destination=registry.test:5000/demo/hello:1',
                '--image-name-with-digest-file=/dev/termination-log',
              ],
            },
          ],
        },
      },
    },
  };
}

/** The Kubernetes client that real programs use, over the server's own kubeconfig. */
export function clientOf(api: ScriptedKubernetesApi): { batch: BatchV1Api; core: CoreV1Api; watch: Watch } {
  const config = new KubeConfig();
  config.loadFromString(api.kubeconfig({ context: 'test' }));
  return { batch: config.makeApiClient(BatchV1Api), core: config.makeApiClient(CoreV1Api), watch: new Watch(config) };
}

export interface Answer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** One plain request; rejects when the connection breaks before the answer is whole. */
export function send(
  api: ScriptedKubernetesApi,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const sent = { authorization: `Bearer ${token}`, 'content-length': String(Buffer.byteLength(text)), ...headers };
  return new Promise((resolve, reject) => {
    const request = httpRequest(api.url + path, { method, headers: sent, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error) => {
        reject(Object.assign(error, { text: Buffer.concat(chunks).toString() }));
      });
      response.on('end', () => {
        const received = Buffer.concat(chunks).toString();
        const json = received.startsWith('{') && !received.includes('}\n{') ? (JSON.parse(received) as object) : {};
        const code = response.statusCode ?? 0;
        resolve({ code, headers: response.headers, text: received, json: json as Record<string, unknown> });
      });
    });
    request.on('error', reject);
    request.end(text);
  });
}

/** Waits with list and watch, as a client should, until a pod of the Job is as wanted. */
export async function podWhen(api: ScriptedKubernetesApi, wanted: (pod: V1Pod) => boolean): Promise<V1Pod> {
  const { core, watch } = clientOf(api);
  const list = await core.listNamespacedPod({ namespace: 'default', labelSelector: 'job-name' });
  const found = list.items.find(wanted);
  if (found !== undefined) return found;
  return new Promise((resolve, reject) => {
    const query = { labelSelector: 'job-name', resourceVersion: list.metadata?.resourceVersion };
    let stop: AbortController | undefined;
    const onEvent = (_type: string, pod: V1Pod): void => {
      if (!wanted(pod)) return;
      stop?.abort();
      resolve(pod);
    };
    watch
      .watch(podsPath, query, onEvent, (error: unknown) => reject(new Error('watch ended', { cause: error })))
      .then((controller) => {
        stop = controller;
      }, reject);
  });
}

export const isRunning = (pod: V1Pod): boolean => pod.status?.containerStatuses?.[0]?.state?.running !== undefined;
export const hasEnded = (pod: V1Pod): boolean => ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '');
export const waitsFor =
  (reason: string) =>
  (pod: V1Pod): boolean =>
    pod.status?.containerStatuses?.[0]?.state?.waiting?.reason === reason;

interface Attached {
  readonly socket: WebSocket;
  readonly messages: { channel: number; text: string }[];
  /** Close code, when the link is gone. */
  readonly closed: Promise<number>;
}

export const v5 = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

/** Opens an attach link; rejects with the server's answer when it refuses. */
export function attach(
  api: ScriptedKubernetesApi,
  pod: V1Pod,
  protocols = v5,
  query = 'stdin=true&stdout=true&stderr=true',
  bearer = token,
): Promise<Attached> {
  const path = `${podsPath}/${pod.metadata?.name ?? ''}/attach?${query}`;
  const headers = { authorization: `Bearer ${bearer}` };
  const socket = new WebSocket(api.url.replace('http', 'ws') + path, protocols, { headers });
  const messages: Attached['messages'] = [];
  socket.on('message', (data: RawData) => {
    const bytes = data as Buffer;
    messages.push({ channel: bytes[0] ?? -1, text: bytes.subarray(1).toString() });
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  return new Promise<Attached>((resolve, reject) => {
    socket.on('open', () => {
      resolve({ socket, messages, closed });
    });
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        reject(Object.assign(new Error('refused'), { code: response.statusCode, text }));
      });
    });
  });
}

export function sendInput(link: Attached, text: string): void {
  link.socket.send(Buffer.concat([Buffer.of(0), Buffer.from(text)]));
}

export function endInput(link: Attached): void {
  link.socket.send(Buffer.of(255, 0));
}

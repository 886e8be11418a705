import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Access } from './access.js';
import { parseTarget, sendJson, type ApiHandler } from './api-handler.js';
import { attachProtocols, AttachSession } from './attach.js';
import type { Faults, RequestFault } from './faults.js';
import type { JobController } from './job-controller.js';
import type { Pod } from './kubernetes-object.js';
import type { ObjectStore } from './object-store.js';
import { containerOf } from './pod-log.js';
import { failure, notFound, StatusError, type Status } from './status.js';

/** A request as it arrived. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Lower-case names; the value of `authorization` is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, where the body is that. */
  readonly body: unknown;
}

interface ServerParts {
  readonly token: string;
  readonly store: ObjectStore;
  readonly controller: JobController;
  readonly faults: Faults;
  readonly access: Access;
  readonly handler: ApiHandler;
}

/** The HTTP and WebSocket side: sockets, authentication, faults of whole requests, the record of what came in. */
export class ApiServer {
  readonly requests: RecordedRequest[] = [];
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private port = 0;

  constructor(private readonly parts: ServerParts) {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.upgrade(request, socket, head);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens on the port it had before, or any. */
  async listen(): Promise<void> {
    if (this.server.listening) return;
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Stops listening and destroys every connection. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    try {
      const text = await readText(request);
      const body = parseJson(text);
      this.record(request, url, body);
      this.authenticate(request);
      const fault = this.parts.faults.takeRequest(method, url.pathname + url.search);
      if (fault?.kind === 'hang') return;
      if (fault?.kind === 'reset') request.socket.resetAndDestroy();
      else if (fault?.kind === 'answer') sendFault(fault, response);
      else {
        // A response that has no socket keeps what it is given to itself.
        const answer = fault?.kind === 'lose' ? new ServerResponse(request) : response;
        this.parts.handler.handle({ method, url, contentType: request.headers['content-type'] ?? '', body }, answer);
        if (fault?.kind === 'lose') request.socket.resetAndDestroy();
      }
    } catch (error) {
      if (response.headersSent || response.destroyed) response.destroy();
      else sendStatus(error, response);
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', this.url);
    socket.on('error', () => undefined);
    this.record(request, url, undefined);
    try {
      this.authenticate(request);
      const fault = this.parts.faults.takeRequest('GET', url.pathname + url.search);
      if (fault?.kind === 'hang') return;
      if (fault?.kind === 'reset' || fault?.kind === 'lose') (socket as Socket).resetAndDestroy();
      else if (fault !== undefined) refuseUpgrade(socket, fault.code, faultBody(fault), faultHeaders(fault));
      else this.attach(request, socket, head, url);
    } catch (error) {
      const { status, headers } = asStatusError(error);
      refuseUpgrade(socket, status.code ?? 500, status, headers);
    }
  }

  private attach(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void {
    const target = parseTarget(url.pathname);
    if (target?.subresource !== 'attach')
      throw new StatusError(failure(404, 'the server could not find the requested resource'));
    const { type, namespace = '', name = '' } = target;
    this.parts.access.check('get', type, 'attach', namespace, name);
    this.parts.access.check('create', type, 'attach', namespace, name);
    const pod = this.parts.store.find<Pod>(type, namespace, name);
    if (pod === undefined) throw notFound(type, name);
    const container = containerOf(pod, url.searchParams.get('container'));
    if (pod.spec.nodeName === undefined)
      throw new StatusError(failure(400, `pod ${name} does not have a host assigned`));

    const faults = this.parts.faults.takeAttach();
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
    const spoken = attachProtocols.slice(faults.onlyV4 ? 1 : 0);
    const protocol = offered.find((candidate) => spoken.some((known) => known === candidate));
    if (protocol === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    request.headers['sec-websocket-protocol'] = protocol;
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const process = this.parts.controller.processOf(name);
      new AttachSession(webSocket, pod, container, process, url.searchParams, faults).start();
    });
  }

  private authenticate(request: IncomingMessage): void {
    if (request.headers.authorization === `Bearer ${this.parts.token}`) return;
    throw new StatusError(failure(401, 'Unauthorized'));
  }

  private record(request: IncomingMessage, url: URL, body: unknown): void {
    const headers = Object.entries(request.headers)
      .filter(([name]) => name !== 'authorization')
      .map(([name, value]) => [name, String(value)] as const);
    this.requests.push({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(headers),
      body,
    });
  }
}

type Answer = Extract<RequestFault, { kind: 'answer' }>;

function faultBody(fault: Answer): object {
  if (fault.body !== undefined) return fault.body;
  const { code, retryAfter } = fault;
  const standard = { 429: 'Too many requests, please try again later.', 403: 'forbidden' }[code] ?? 'scripted failure';
  const details = retryAfter === undefined ? {} : { details: { retryAfterSeconds: retryAfter } };
  return failure(code, fault.message ?? standard, details);
}

function faultHeaders(fault: Answer): Record<string, string> {
  return fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
}

function sendFault(fault: Answer, response: ServerResponse): void {
  for (const [name, value] of Object.entries(faultHeaders(fault))) response.setHeader(name, value);
  sendJson(response, fault.code, faultBody(fault));
}

function sendStatus(error: unknown, response: ServerResponse): void {
  const { status, headers } = asStatusError(error);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(response, status.code ?? 500, status);
}

/** A mistake of this server itself reaches the client as an internal error, where the test will see it. */
function asStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  return new StatusError(failure(500, `Internal error occurred: ${String(error)}`));
}

function refuseUpgrade(
  socket: Duplex,
  code: number,
  body: Status | object,
  headers: Readonly<Record<string, string>>,
): void {
  const text = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${code} Refused`, ...lines, '', text].join('\r\n'));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

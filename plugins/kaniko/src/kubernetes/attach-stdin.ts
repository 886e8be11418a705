import type { IncomingMessage } from 'node:http';
import { SlipwayError } from '@slipway/core';
import { WebSocket } from 'ws';
import type { KubernetesConnection } from './kubernetes-connection.js';
import { KubernetesApiError } from './kubernetes-error.js';

export interface AttachOptions {
  readonly pod: string;
  readonly container: string;
  readonly signal: AbortSignal;
}

const stdinChannel = 0;
const statusChannel = 3;
const closeChannel = 255;
const halfClosing = 'v5.channel.k8s.io';
const closing = 'v4.channel.k8s.io';

// So many frames may be on their way; more would only fill memory, fewer would let a link of some latency run dry.
const framesInFlight = 16;
const pingEveryMilliseconds = 5_000;
const silentAfterMilliseconds = 60_000;
const handshakeMilliseconds = 30_000;

/**
 * Writes a stream to the standard input of a running container, to its end. At most 16 chunks are in flight, so that memory is level.
 * Without a clean end it is a failure: the container may have got a part.
 * @throws SlipwayError `ATTACH_REFUSED`, `UPLOAD_INTERRUPTED`, KubernetesApiError; the source's own errors; the signal's reason
 */
export async function attachStdin(
  connection: KubernetesConnection,
  source: AsyncIterable<Buffer>,
  options: AttachOptions,
): Promise<void> {
  const link = await AttachLink.open(connection, options);
  try {
    for await (const chunk of source) await link.send(chunk);
    await link.end();
  } finally {
    link.destroy();
  }
}

/** One WebSocket to the standard input of a container. */
class AttachLink {
  #failure: { readonly error: unknown } | undefined;
  #status: { readonly status?: string; readonly message?: string } | undefined;
  #inFlight = 0;
  #ended = false;
  #closed = false;
  #lastSign = Date.now();
  #wake: () => void = () => {};
  readonly #ping: NodeJS.Timeout;

  private constructor(
    private readonly socket: WebSocket,
    private readonly signal: AbortSignal,
  ) {
    socket.on('message', (data: Buffer) => this.#receive(data));
    socket.on('pong', () => (this.#lastSign = Date.now()));
    socket.on('error', (error) => this.#fail(interrupted(error.message, error)));
    socket.on('close', (code) => this.#close(code));
    signal.addEventListener('abort', this.#abort);
    this.#ping = setInterval(() => this.#checkLife(), pingEveryMilliseconds);
  }

  static async open(connection: KubernetesConnection, options: AttachOptions): Promise<AttachLink> {
    const { pod, container, signal } = options;
    const { namespace } = connection.access;
    const { server, agent, headers } = await connection.webSocketOptions();
    signal.throwIfAborted();
    const query = new URLSearchParams({ container, stdin: 'true', stdout: 'false', stderr: 'false' });
    const url = `${server}/api/v1/namespaces/${namespace}/pods/${pod}/attach?${query.toString()}`;
    const socket = new WebSocket(url, [halfClosing, closing], {
      agent,
      headers,
      perMessageDeflate: false,
      handshakeTimeout: handshakeMilliseconds,
    });
    const abort = (): void => socket.terminate();
    signal.addEventListener('abort', abort);
    try {
      return await new Promise<AttachLink>((resolve, reject) => {
        // Made at once: the server's first words may come in the same packet as its consent.
        socket.once('open', () => resolve(new AttachLink(socket, signal)));
        socket.once('unexpected-response', (request, response) => {
          refusal(connection, namespace, response).then(reject, reject);
        });
        socket.on('error', (error) => reject(refused(error.message, error)));
      });
    } catch (error) {
      socket.terminate();
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async send(chunk: Buffer): Promise<void> {
    const frame = Buffer.allocUnsafe(chunk.length + 1);
    frame[0] = stdinChannel;
    chunk.copy(frame, 1);
    this.#inFlight++;
    this.socket.send(frame, (error) => {
      this.#inFlight--;
      this.#lastSign = Date.now();
      if (error) this.#fail(interrupted(error.message, error));
      this.#wake();
    });
    await this.#until(() => this.#inFlight < framesInFlight);
  }

  /** Closes the container's standard input, and waits until everything was handed to the container. */
  async end(): Promise<void> {
    await this.#until(() => this.#inFlight === 0);
    this.#ended = true;
    if (this.socket.protocol === halfClosing) this.socket.send(Buffer.from([closeChannel, stdinChannel]));
    // The older protocol knows no end of input but the end of the link, which with `stdinOnce` is the end of input.
    else this.socket.close(1000);
    await this.#until(() => this.#closed);
  }

  destroy(): void {
    clearInterval(this.#ping);
    this.signal.removeEventListener('abort', this.#abort);
    this.socket.terminate();
  }

  async #until(condition: () => boolean): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (condition()) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  readonly #abort = (): void => {
    this.#fail(this.signal.reason);
    this.socket.terminate();
  };

  #close(code: number): void {
    this.#closed = true;
    const clean = this.socket.protocol !== halfClosing || this.#status?.status === 'Success';
    if (!this.#ended || !clean) {
      this.#fail(interrupted(this.#status?.message ?? `the link was closed with code ${code} and without a status`));
    }
    this.#wake();
  }

  #receive(data: Buffer): void {
    this.#lastSign = Date.now();
    if (data[0] !== statusChannel || data.length < 2) return;
    const text = data.subarray(1).toString('utf8');
    try {
      this.#status = JSON.parse(text) as { status?: string; message?: string };
    } catch {
      this.#status = { message: text };
    }
    if (this.#status.status !== 'Success') this.#fail(interrupted(this.#status.message ?? text));
  }

  // A slow container keeps pongs waiting behind data, so a frame that went out counts as a sign of life as well.
  #checkLife(): void {
    if (Date.now() - this.#lastSign > silentAfterMilliseconds) {
      this.#fail(interrupted('nothing moved for a minute'));
      this.socket.terminate();
    } else if (this.socket.readyState === WebSocket.OPEN) this.socket.ping();
  }
}

async function refusal(
  connection: KubernetesConnection,
  namespace: string,
  response: IncomingMessage,
): Promise<KubernetesApiError> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return new KubernetesApiError(
    connection.access,
    `attach to pods in namespace ${namespace}`,
    response.statusCode ?? 0,
    Buffer.concat(chunks).toString('utf8'),
    response.headers['retry-after'],
  );
}

function refused(reason: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: 'ATTACH_REFUSED',
    message: 'The build context could not be sent: no link to the pod came about.',
    reason: `${reason}.`,
    fix: 'A proxy or gateway before the cluster must let WebSockets through; try again.',
    cause,
  });
}

function interrupted(reason: string, cause?: unknown): SlipwayError {
  return new SlipwayError({
    code: 'UPLOAD_INTERRUPTED',
    message: 'The link to the pod was cut while the build context was being sent.',
    reason: `${reason.replace(/\.$/, '')}.`,
    fix: 'Try again: the build starts anew.',
    cause,
  });
}

import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';

/** PEM texts. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface ServerAnswer {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Buffer;
  /** Leaves the answer unfinished: nothing more comes, or the connection is torn. */
  readonly unfinished?: 'stalled' | 'cut';
}

export interface ReceivedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** What is sent, still to be read. */
  readonly body: Readable;
}

/** What the server does with a request: an answer, none at all, or a connection that is torn. */
export type ServerAction = ServerAnswer | 'silence' | 'reset';
export type ServerScript = (request: ReceivedRequest) => ServerAction | Promise<ServerAction>;

/** A server on a real socket that answers as a test tells it, and remembers what it was asked. */
export class ScriptedServer {
  readonly received: ReceivedRequest[] = [];
  script: ServerScript = () => ({ status: 404 });
  readonly #server: Server;
  readonly #scheme: string;

  private constructor(certificate: ServerCertificate | undefined) {
    const listener: RequestListener = (request, response) => {
      const received = {
        method: request.method ?? '',
        url: new URL(request.url ?? '', this.url),
        headers: request.headers,
        body: request,
      };
      this.received.push(received);
      // Where it cannot be answered, because who asked went away or the script failed, nobody is kept waiting.
      this.#answer(received, request, response).catch(() => request.destroy());
    };
    this.#scheme = certificate === undefined ? 'http' : 'https';
    this.#server = certificate === undefined ? createHttpServer(listener) : createHttpsServer(certificate, listener);
  }

  static async start(certificate?: ServerCertificate): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(certificate);
    await new Promise<void>((resolve) => scripted.#server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  get url(): string {
    return `${this.#scheme}://${this.host}`;
  }

  /** Method and path of everything that was asked. */
  get asked(): string[] {
    return this.received.map(({ method, url }) => `${method} ${url.pathname}`);
  }

  /** The `Authorization` header of every request. */
  get authorizations(): (string | undefined)[] {
    return this.received.map(({ headers }) => headers.authorization);
  }

  async #answer(received: ReceivedRequest, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.script(received);
    if (answer === 'reset') request.socket.resetAndDestroy();
    if (typeof answer === 'string') return;
    response.writeHead(answer.status ?? 200, answer.headers);
    if (answer.unfinished !== undefined) {
      const cut = (): unknown => answer.unfinished === 'cut' && request.socket.destroy();
      response.write(answer.body ?? '', cut);
      return;
    }
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Answers one after the other, the last one for ever. */
export function inTurn(...answers: readonly ServerAction[]): ServerScript {
  let turn = 0;
  return () => answers[Math.min(turn++, answers.length - 1)] ?? 'silence';
}

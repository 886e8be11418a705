import type { WebSocket } from 'ws';
import type { ContainerProcess } from './container-process.js';
import type { AttachFaults } from './faults.js';
import type { Container, Pod } from './kubernetes-object.js';
import { omit } from './omit.js';
import { isTrue } from './pod-log.js';
import { failure } from './status.js';

/** The protocols of the real server that carry a status, best first. */
export const attachProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** Joins an opened WebSocket with the streams of a running container, as `pods/attach` does. */
export class AttachSession {
  private readonly container: Container;
  private readonly wants: { stdin: boolean; stdout: boolean; stderr: boolean };
  private received = 0;
  private joined = false;
  private readonly cleanups: (() => void)[] = [];

  constructor(
    private readonly socket: WebSocket,
    private readonly pod: Pod,
    container: string,
    private readonly process: ContainerProcess | undefined,
    query: URLSearchParams,
    private readonly faults: AttachFaults,
  ) {
    const found = pod.spec.containers.find((candidate) => candidate.name === container);
    if (found === undefined) throw new Error(`pod without container ${container}`);
    this.container = found;
    this.wants = {
      stdin: isTrue(query.get('stdin')),
      stdout: isTrue(query.get('stdout')),
      stderr: isTrue(query.get('stderr')),
    };
  }

  start(): void {
    const { socket, process, wants } = this;
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      this.leave(code);
    });
    // The real server tells with an empty message that the streams are joined, on the lowest channel it writes to.
    this.send(wants.stdout ? channels.stdout : wants.stderr ? channels.stderr : channels.status, '');
    if (!wants.stdin && !wants.stdout && !wants.stderr) {
      this.refuse('you must specify at least 1 of stdin, stdout, stderr');
    } else if (process === undefined || process.ended || !this.isRunning()) {
      const { name, namespace } = this.pod.metadata;
      this.refuse(`container ${this.container.name} not found in pod ${name}_${namespace ?? ''}`);
    } else this.join(process);
  }

  private join(process: ContainerProcess): void {
    const { socket, wants } = this;
    this.joined = true;
    if (wants.stdin && this.container.stdin === true) {
      socket.on('message', (data: Buffer) => {
        this.receive(data, process);
      });
      // A process that does not read fills its pipe, and then nothing more is taken from the connection.
      if (!process.input.reading) socket.pause();
      this.cleanups.push(process.input.onReading(() => socket.resume()));
    }
    this.cleanups.push(
      process.onOutput((line) => {
        if (line === undefined) this.end();
        else if (wants[line.stream]) this.send(channels[line.stream], `${line.text}\n`);
      }),
    );
  }

  private receive(data: Buffer, process: ContainerProcess): void {
    if (data[0] === channels.close) {
      const halfClose = this.socket.protocol === attachProtocols[0] && data[1] === channels.stdin;
      if (halfClose) this.closeInput('ended');
      // With nothing to receive there is nothing left to wait for.
      if (halfClose && !this.wants.stdout && !this.wants.stderr) this.end();
      return;
    }
    if (data[0] !== channels.stdin) return;
    const limit = this.faults.cutAfterBytes ?? Infinity;
    const bytes = data.subarray(1, 1 + Math.min(data.length - 1, limit - this.received));
    this.received += bytes.length;
    process.input.offer(bytes);
    if (this.received >= limit) this.socket.terminate();
    else if (!process.input.reading) this.socket.pause();
  }

  private end(): void {
    const success = { metadata: {}, status: 'Success' } as const;
    if (!this.faults.withoutStatus) this.send(channels.status, JSON.stringify(success));
    this.close();
  }

  private refuse(why: string): void {
    const message = `unable to upgrade connection: ${why}`;
    const status = failure(500, `Internal error occurred: ${message}`, { details: { causes: [{ message }] } });
    // As the real server sends a Status over a WebSocket.
    this.send(channels.status, JSON.stringify(omit(status, 'kind', 'apiVersion')));
    this.close();
  }

  private close(): void {
    this.socket.close(1000);
    // The client's closing frame lies behind whatever it has sent and the process never read.
    this.socket.resume();
  }

  private leave(code: number): void {
    for (const cleanup of this.cleanups) cleanup();
    if (this.joined && this.wants.stdin) this.closeInput(code === 1006 ? 'cut' : 'ended');
  }

  /** Only `stdinOnce` lets a container see the end of its input. */
  private closeInput(state: 'ended' | 'cut'): void {
    if (this.container.stdinOnce === true) this.process?.input.finish(state);
  }

  private isRunning(): boolean {
    return this.pod.status.containerStatuses?.some(({ state }) => 'running' in state) ?? false;
  }

  private send(channel: number, text: string): void {
    this.socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));
  }
}

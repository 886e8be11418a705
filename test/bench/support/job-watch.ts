import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

interface Seen {
  readonly kind: string;
  readonly metadata: { readonly uid: string };
  readonly status?: { readonly containerStatuses?: readonly { readonly state?: { readonly terminated?: object } }[] };
}

/** When this machine was told of the Job of a build, and of the end of its container: `Date.now()`. */
export class JobWatch {
  createdAt: number | undefined;
  terminatedAt: number | undefined;
  readonly #children;

  private constructor(kubectl: readonly string[]) {
    const watch = ['--watch-only', '--output=json'];
    this.#children = ['jobs', 'pods'].map((kind) =>
      spawn('kubectl', [...kubectl, 'get', kind, ...watch], { stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    for (const child of this.#children) this.#read(child.stdout);
  }

  /** @param kubectl options that name the cluster and the namespace */
  static async start(kubectl: readonly string[]): Promise<JobWatch> {
    const watch = new JobWatch(kubectl);
    // kubectl does not say when its watch is open.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return watch;
  }

  stop(): void {
    for (const child of this.#children) child.kill();
  }

  #read(output: NodeJS.ReadableStream): void {
    let text = '';
    createInterface({ input: output }).on('line', (line) => {
      text += line;
      // Objects come indented, and each ends with a brace at the very left.
      if (line !== '}') return;
      const seen = JSON.parse(text) as Seen;
      text = '';
      if (seen.kind === 'Job') this.createdAt ??= Date.now();
      const ended = seen.status?.containerStatuses?.some(({ state }) => state?.terminated !== undefined);
      if (seen.kind === 'Pod' && ended) this.terminatedAt ??= Date.now();
    });
  }
}

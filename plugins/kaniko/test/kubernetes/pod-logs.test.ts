import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { KubernetesConnection } from '../../src/kubernetes/kubernetes-connection.js';
import { lines } from '../../src/kubernetes/lines.js';
import { followPodLogs } from '../../src/kubernetes/pod-logs.js';
import { changeableEnvironment } from '../support/environment.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('lines', () => {
  async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream that is there at once
    async function* stream(): AsyncGenerator<Buffer> {
      for (const chunk of chunks) yield Buffer.from(chunk);
    }
    const found: string[] = [];
    for await (const line of lines(stream())) found.push(line);
    return found;
  }
  const euro = Buffer.from('€');

  for (const [what, chunks, expected] of [
    ['nothing', [], []],
    ['whole lines', ['a\nb\n'], ['a', 'b']],
    ['a line in pieces', ['a', 'b', 'c\nd\n'], ['abc', 'd']],
    ['a last line without end', ['a\nb'], ['a', 'b']],
    ['empty lines', ['\n\na\n'], ['', '', 'a']],
    ['the line ends of Windows', ['a\r', '\nb\r\n'], ['a', 'b']],
    ['a letter cut in two', [euro.subarray(0, 1), euro.subarray(1), '\n'], ['€']],
  ] as const) {
    it(`finds them in ${what}`, async () => {
      expect(await linesOf(...chunks)).to.deep.equal(expected);
    });
  }
});

describe('followPodLogs', () => {
  const folder = temporaryFolder();
  const set = changeableEnvironment();
  let server: Server;
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const torn = ' (torn)';

  /** What is shown where the log endpoint answers with these lines, one answer a request, each but the last torn off. */
  async function shown(...answers: (readonly string[])[]): Promise<{ lines: string[]; since: (string | null)[] }> {
    const since: (string | null)[] = [];
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    server = createServer((request, response) => {
      const from = new URL(request.url ?? '', 'http://x').searchParams.get('sinceTime');
      since.push(from);
      const all = answers[Math.min(since.length, answers.length) - 1] ?? [];
      const answer = all.filter((line) => line.slice(0, 19) >= (from ?? '').slice(0, 19));
      response.writeHead(200);
      response.write(
        answer.map((line) => (line.endsWith(torn) ? line.slice(0, -torn.length) : `${line}\n`)).join(''),
        () => {
          if (since.length < answers.length) response.destroy();
          else {
            end();
            response.end();
          }
        },
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const path = join(folder(), 'config');
    const clusters = [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }];
    await writeFile(path, JSON.stringify({ clusters, contexts: [{ name: 'dev', context: { cluster: 'c' } }] }));
    set('KUBECONFIG', path);
    const connection = await KubernetesConnection.open({ kubernetes_context: 'dev' });
    const { signal } = new AbortController();
    const found: string[] = [];
    for await (const line of followPodLogs(connection, { pod: 'p', container: 'kaniko', signal, ended })) {
      found.push(line);
    }
    connection.close();
    return { lines: found, since };
  }
  const [a, b, c] = ['2026-01-01T00:00:05.1Z a', '2026-01-01T00:00:05.12Z b', '2026-01-01T00:00:06Z c'] as const;

  it('resumes at the second of the last line, and shows that once', async () => {
    const { lines: found, since } = await shown([a, b], [a, b, c]);
    expect(found).to.deep.equal(['a', 'b', 'c']);
    expect(since.slice(0, 2)).to.deep.equal([null, '2026-01-01T00:00:05Z']);
  });

  it('shows all lines of one timestamp, and each once', async () => {
    const same = ['x', 'x', 'y', 'z'].map((text) => `2026-01-01T00:00:05.1Z ${text}`);
    expect((await shown(same.slice(0, 1), same.slice(0, 3), same)).lines).to.deep.equal(['x', 'x', 'y', 'z']);
  });

  it('loses no line where the two streams of the container overtook each other', async () => {
    expect((await shown([b, a, c], [c])).lines).to.deep.equal(['b', 'a', 'c']);
    server.close();
    expect((await shown([b], [b, a, c])).lines).to.deep.equal(['b', 'a', 'c']);
  });

  it('shows a line that was cut off in the middle once, and whole', async () => {
    expect((await shown([a, `2026-01-01T00:00:05.12Z half of${torn}`], [a, b])).lines).to.deep.equal(['a', 'b']);
  });

  it('keeps empty lines and leading spaces', async () => {
    expect((await shown(['2026-01-01T00:00:05Z ', '2026-01-01T00:00:05Z   x'])).lines).to.deep.equal(['', '  x']);
  });
});

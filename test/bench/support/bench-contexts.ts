import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeRandomFiles } from '../../support/random-files.js';

/** A build context to measure with. */
export interface BenchContext {
  readonly name: string;
  readonly title: string;
  readonly directory: string;
}

const perFolder = 200;

/** One file of a few bytes, onto nothing. */
export async function smallContext(directory: string): Promise<BenchContext> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY hello.txt /\n');
  await writeFile(join(directory, 'hello.txt'), 'Hello.\n');
  return { name: 'small', title: 'one small file', directory };
}

/** Random bytes, which no compression makes smaller. */
export async function randomContext(directory: string, megabytes: number): Promise<BenchContext> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY . /data/\n');
  const files = Math.max(1, Math.round(megabytes / 100));
  await writeRandomFiles(directory, files, Math.round((megabytes * 1_000_000) / files));
  return { name: `random-${megabytes}`, title: `${megabytes} MB of random bytes`, directory };
}

/** Small source files, 200 in each folder: about 1.5 kB of text each, no two alike. */
export async function sourceContext(directory: string, files: number): Promise<BenchContext> {
  for (let index = 0; index < files; index++) {
    const folder = join(directory, 'src', `package-${Math.floor(index / perFolder)}`);
    if (index % perFolder === 0) await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `module-${index}.ts`), sourceText(index));
  }
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY src /src/\n');
  return { name: `files-${files}`, title: `${files.toLocaleString('en')} small files`, directory };
}

/** @param version another one makes another text of the same length, below 10 */
function sourceText(index: number, version = 1): string {
  const lines = Array.from({ length: 12 + (index % 17) }, (_, line) => {
    const value = ((index + 1) * 2_654_435_761 * (line + version)) % 4_294_967_296;
    return `export const value${line} = compute(${value.toString(16)}, '${value.toString(36)}'); // version ${version}`;
  });
  return `${lines.join('\n')}\n`;
}

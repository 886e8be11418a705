import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// `tsc -b` alone leaves the bundles as they were; what ships is what is tested.
execFileSync(process.execPath, [join(import.meta.dirname, '..', '..', '..', 'scripts', 'bundle.js')]);

/** The program as it is shipped. */
export const slipwayProgram = fileURLToPath(new URL('../../bin/slipway.js', import.meta.resolve('@slipway/cli')));

export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** A temporary folder in which the real program runs, with a configuration of its own inside it. */
export class Workspace {
  private constructor(readonly directory: string) {}

  static async create(): Promise<Workspace> {
    return new Workspace(await realpath(await mkdtemp(join(tmpdir(), 'slipway-test-'))));
  }

  get configDirectory(): string {
    return join(this.directory, 'config');
  }

  get storePath(): string {
    return join(this.configDirectory, 'store.json');
  }

  /** Runs `slipway` with these arguments and waits for its end. */
  slipway(...args: readonly string[]): Promise<ProgramResult> {
    return this.run([slipwayProgram, ...args]);
  }

  /** The same from a folder within this one. */
  slipwayFrom(folder: string, ...args: readonly string[]): Promise<ProgramResult> {
    return this.run([slipwayProgram, ...args], {}, undefined, folder);
  }

  /** Runs several command lines that must succeed, one after the other. */
  async setUp(...lines: readonly (readonly string[])[]): Promise<void> {
    for (const line of lines) {
      const { exitCode, stderr } = await this.slipway(...line);
      if (exitCode !== 0) throw new Error(`slipway ${line.join(' ')} failed:\n${stderr}`);
    }
  }

  /** Runs `slipway` with these arguments and this text on standard input. */
  runWithInput(input: string, ...args: readonly string[]): Promise<ProgramResult> {
    return this.run([slipwayProgram, ...args], {}, input);
  }

  /** Runs Node in the folder. */
  async run(
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    input?: string,
    folder = '.',
  ): Promise<ProgramResult> {
    const child = spawn(process.execPath, args, {
      cwd: join(this.directory, folder),
      env: {
        ...process.env,
        SLIPWAY_CONFIG_DIR: this.configDirectory,
        XDG_CACHE_HOME: join(this.directory, 'user-cache'),
        SLIPWAY_DEBUG: '',
        ...environment,
      },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.end(input);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (exitCode) => resolve({ stdout, stderr, exitCode }));
    });
  }

  /** Writes a file into the folder, or one within it. */
  async file(name: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(join(this.directory, name)), { recursive: true });
    await writeFile(join(this.directory, name), content);
  }

  /** The store's bytes as they are; empty where there is no store yet. */
  storeText(): Promise<string> {
    return readFile(this.storePath, 'utf8').catch(() => '');
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

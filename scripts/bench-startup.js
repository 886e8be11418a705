// What starting the command costs beyond starting Node: medians of runs that take turns, so that a busy moment of the machine
// meets all of them. Prints one JSON document. RUNS=20 unless set.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const runs = Number(process.env.RUNS ?? 20);
const program = join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'slipway.js');
const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const env = { ...process.env, SLIPWAY_CONFIG_DIR: join(folder, 'config') };

const limits = { '--version': 60, '--help': 120, 'stack list': 120 };
const lines = { 'node -e 0': ['-e', '0'] };
for (const line of [...Object.keys(limits), 'flavor list', 'image-builder register --help']) {
  lines[line] = [program, ...line.split(' ')];
}

const times = Object.fromEntries(Object.keys(lines).map((line) => [line, []]));
// The first round warms the disk's cache and is not counted.
for (let round = 0; round <= runs; round += 1) {
  for (const [line, args] of Object.entries(lines)) {
    const start = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, args, { env, cwd: folder });
    if (status !== 0) throw new Error(`${line} failed: ${stderr}`);
    if (round > 0) times[line].push(Number(process.hrtime.bigint() - start) / 1e6);
  }
}
rmSync(folder, { recursive: true });

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const medians = Object.fromEntries(Object.entries(times).map(([line, values]) => [line, median(values)]));
const bare = medians['node -e 0'];
const rounded = (value) => Math.round(value * 10) / 10;
const commands = Object.entries(medians).map(([line, milliseconds]) => ({
  command: line,
  milliseconds: rounded(milliseconds),
  beyondNode: rounded(milliseconds - bare),
  ...(limits[line] === undefined ? {} : { limit: limits[line], within: milliseconds - bare <= limits[line] }),
}));
console.log(JSON.stringify({ node: process.version, runs, commands }, null, 2));
if (commands.some(({ within }) => within === false)) process.exitCode = 1;

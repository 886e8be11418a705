// Adds one to the number in PATH under its lock, over and over, and says each number it wrote.
import { readFile } from 'node:fs/promises';
import { takeLock } from '../../src/store/lock.js';

const path = process.argv[2] ?? '';
process.on('message', () => {});
for (;;) {
  const hold = await takeLock(path);
  const next = Number(await readFile(path, 'utf8')) + 1;
  await hold.replace(String(next));
  await hold.release();
  process.send?.(next);
}

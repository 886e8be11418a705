import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const chunkBytes = 4 * 1024 * 1024;

/** Files `0.bin`, `1.bin`, … of random bytes, which no compression makes smaller, and `SHA256SUMS` for `sha256sum -c`. */
export async function writeRandomFiles(directory: string, files: number, bytesEach: number): Promise<void> {
  const sums: string[] = [];
  for (let file = 0; file < files; file++) {
    const sum = await writeRandomFile(join(directory, `${file}.bin`), bytesEach);
    sums.push(`${sum}  ${file}.bin\n`);
  }
  await writeFile(join(directory, 'SHA256SUMS'), sums.join(''));
}

/** @returns the content's SHA-256, in hexadecimal digits */
async function writeRandomFile(path: string, bytes: number): Promise<string> {
  // A cipher makes random bytes far faster than the system's generator.
  const cipher = createCipheriv('aes-256-ctr', randomBytes(32), randomBytes(16));
  const zeros = Buffer.alloc(chunkBytes);
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    for (let written = 0; written < bytes; written += chunkBytes) {
      const chunk = cipher.update(zeros.subarray(0, Math.min(chunkBytes, bytes - written)));
      hash.update(chunk);
      await file.write(chunk);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

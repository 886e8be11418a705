import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { expect } from 'chai';
import { buildSecrets } from '../../src/command/build-secrets.js';

describe('--secret', () => {
  let folder: string;
  let file: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-secrets-'));
    file = join(folder, 'token.txt');
    await writeFile(file, 'of the file\n');
  });
  after(() => rm(folder, { recursive: true }));

  const environment = { TOKEN: 'of the environment', EMPTY: '' };
  const read = async (text: string): Promise<[string, string]> => {
    const [secret] = await buildSecrets([text.replace('FILE', file)], environment);
    return [secret?.id ?? '', Buffer.from(secret?.value ?? []).toString()];
  };

  for (const [text, id, value] of [
    ['id=token,src=FILE', 'token', 'of the file\n'],
    ['src=FILE,id=token', 'token', 'of the file\n'],
    ['id=token,source=FILE', 'token', 'of the file\n'],
    ['id=token,type=file,src=FILE', 'token', 'of the file\n'],
    ['id=token,env=TOKEN', 'token', 'of the environment'],
    ['id=token,type=env,src=TOKEN', 'token', 'of the environment'],
    ['id=TOKEN', 'TOKEN', 'of the environment'],
    ['id=FILE', 'FILE', 'of the file\n'],
    ['id=nothing,env=EMPTY', 'nothing', ''],
  ] as const) {
    it(`takes ${text}`, async () => {
      expect(await read(text)).to.deep.equal([id.replace('FILE', file), value]);
    });
  }

  for (const [text, code, said] of [
    ['hush-hush', 'INVALID_OPTION', 'takes id=ID'],
    ['src=FILE', 'INVALID_OPTION', 'needs an id'],
    ['id=a,src=FILE,env=TOKEN', 'INVALID_OPTION', 'either a file or a variable'],
    ['id=a,type=folder,src=FILE', 'INVALID_OPTION', 'type file or env'],
    ['id=a,env=MISSING', 'INVALID_OPTION', 'MISSING, which is not set'],
    ['id=a,src=FILE.gone', 'UNREADABLE_FILE', 'cannot be read'],
    ['id=a,hush=hush', 'INVALID_OPTION', 'takes id=ID'],
  ] as const) {
    it(`refuses ${text}, without quoting what may be secret`, async () => {
      const error = await read(text).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!SlipwayError.is(error)) throw error ?? new Error('nothing was thrown');
      expect(error.code).to.equal(code);
      expect(error.message).to.include(said).and.not.include('hush');
    });
  }
});

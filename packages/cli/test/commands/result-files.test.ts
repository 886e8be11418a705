import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { resultFiles } from '../../src/commands/build/result-files.js';
import { failure } from '../support/failure.js';

const digest = `sha256:${'1'.repeat(64)}`;
const result = {
  buildId: 'b1',
  digest,
  images: [
    { tag: 'registry/a:1', reference: `registry/a:1@${digest}` },
    { tag: 'registry/b:2', reference: `registry/b:2@${digest}` },
  ],
  timings: [{ stage: 'build', milliseconds: 7 }],
};

describe('The files of a build result', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'slipway-result-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are the digest alone, and everything as JSON under names that buildx has', async () => {
    const iidfile = join(folder, 'iid');
    const metadataFile = join(folder, 'metadata.json');
    await (await resultFiles({ iidfile, metadataFile })).write(result);
    expect(await readFile(iidfile, 'utf8')).to.equal(digest);
    expect(JSON.parse(await readFile(metadataFile, 'utf8'))).to.deep.equal({
      'containerimage.digest': digest,
      'image.name': 'registry/a:1,registry/b:2',
      'slipway.build.id': 'b1',
      'slipway.images': result.images,
      'slipway.timings': result.timings,
    });
    expect(await readdir(folder)).to.have.members(['iid', 'metadata.json']);
  });

  it('are gone from the build before, so that nobody takes its result for this one', async () => {
    const iidfile = join(folder, 'iid');
    await writeFile(iidfile, 'old');
    await resultFiles({ iidfile, metadataFile: undefined });
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('are refused before the build where they cannot be written', async () => {
    await mkdir(join(folder, 'taken'));
    for (const iidfile of [join(folder, 'taken'), join(folder, 'missing', 'iid')]) {
      const error = await failure(() => resultFiles({ iidfile, metadataFile: undefined }));
      expect([error.code, error.exitCode]).to.deep.equal(['RESULT_FILE_UNWRITABLE', 2]);
    }
  });

  it('that cannot be written in the end leave the digest in the message', async () => {
    const files = await resultFiles({ iidfile: join(folder, 'iid'), metadataFile: undefined });
    await rm(folder, { recursive: true });
    const error = await failure(() => files.write(result));
    expect(error.code).to.equal('RESULT_NOT_WRITTEN');
    expect(error.message).to.include(digest);
  });
});

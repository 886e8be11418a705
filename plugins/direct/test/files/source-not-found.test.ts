import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { copy, extracted, failure, makeFiles, useFolders } from './support.js';

describe('a source that is not found', () => {
  const folders = useFolders();
  const options = (): { cacheFolder: string } => ({ cacheFolder: folders.cache });

  it('names the line, the source and the nearest name where nothing is found', async () => {
    makeFiles(folders.context, { 'src/main.py': '' });
    const error = await failure(copy(folders.context, options(), 'src/mian.py', '/'));
    expect(error).to.include({ code: 'COPY_SOURCE_NOT_FOUND', exitCode: 2, fix: "Did you mean 'src/main.py'?" });
    expect(error.message).to.equal("Dockerfile line 7: COPY does not find 'src/mian.py' in the build context.");
    expect((await failure(copy(folders.context, options(), 'yarn.lock*', '/'))).code).to.equal('COPY_SOURCE_NOT_FOUND');
  });

  it('says that .dockerignore leaves a source out', async () => {
    makeFiles(folders.context, { 'secret.txt': '', '.dockerignore': 'secret.txt\n' });
    const error = await failure(copy(folders.context, options(), 'secret.txt', '/'));
    expect(error.reason).to.include('.dockerignore');
    expect(error.fix).to.include('!secret.txt');
  });

  it('says where a symlink leads that is taken for a source, and that nothing is there', async () => {
    makeFiles(folders.context, {
      current: { link: 'releases/2' },
      outside: { link: '/etc/passwd' },
      config: { link: 'secret.txt' },
      'secret.txt': '',
      '.dockerignore': 'secret.txt\n',
      a: { link: 'b' },
      b: { link: 'a' },
    });
    const explained = async (source: string): Promise<[reason: string, fix: string]> => {
      const { code, reason = '', fix = '' } = await failure(copy(folders.context, options(), source, '/'));
      expect(code).to.equal('COPY_SOURCE_NOT_FOUND');
      return [reason, fix];
    };
    const mend = 'Put there what it leads to, or name the file itself.';
    const current = "'current' is a symlink to 'releases/2', and the build context has no 'releases/2'.";
    expect(await explained('current')).to.deep.equal([current, mend]);
    expect(await explained('current/main.py')).to.deep.equal([current, mend]);
    expect(await explained('outside')).to.deep.equal([
      "'outside' is a symlink to '/etc/passwd', and the build context has no 'etc/passwd'.",
      mend,
    ]);
    expect(await explained('config')).to.deep.equal([
      "'config' is a symlink to 'secret.txt', and the build context has no 'secret.txt'.",
      "Add a line '!secret.txt' at the end of .dockerignore.",
    ]);
    expect((await explained('a'))[0]).to.match(/^'[ab]' is one of a circle of symlinks\.$/);
  });

  it('says how a name with a bracket is written, where it was taken for a pattern', async () => {
    makeFiles(folders.context, { 'data[1].csv': 'here' });
    const error = await failure(copy(folders.context, options(), 'data[1].csv', '/'));
    expect(error).to.include({ code: 'COPY_SOURCE_NOT_FOUND', fix: "Write 'data[[]1].csv'." });
    expect(await extracted(await copy(folders.context, options(), 'data[[]1].csv', '/'), 'data[1].csv')).to.equal(
      'here',
    );
  });

  it('says of a pipe that it is none that could be copied', async () => {
    execFileSync('mkfifo', [join(folders.context, 'pipe')]);
    const error = await failure(copy(folders.context, options(), 'pipe', '/'));
    expect(error).to.include({ reason: 'It is a socket, a pipe or a device.', fix: 'Name a file or a folder.' });
  });
});

import { execFileSync } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { asOrdinaryUser } from '../support/as-ordinary-user.js';
import { SlipwayError } from '../../src/errors/slipway-error.js';
import { openBuildContext } from '../../src/context/open-build-context.js';
import { emptyDirectory, makeTree, useTemporaryDirectory, type Node } from './temporary-directory.js';

describe('openBuildContext', () => {
  const directory = useTemporaryDirectory();

  async function pathsOf(tree: Record<string, Node>, dockerfile?: string): Promise<string[]> {
    await makeTree(directory.path, tree);
    return (await openBuildContext(directory.path, { dockerfile })).entries.map((entry) => entry.path);
  }

  async function failure(dockerfile?: string, path = directory.path): Promise<SlipwayError> {
    const error: unknown = await openBuildContext(path, { dockerfile }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!SlipwayError.is(error)) throw new Error(`Expected a SlipwayError, got ${String(error)}`);
    return error;
  }

  describe('the directory', () => {
    it('that does not exist is refused', async () => {
      const error = await failure(undefined, join(directory.path, 'none'));
      expect(error).to.include({ code: 'CONTEXT_NOT_FOUND', exitCode: 2 });
    });

    it('that is a file is refused', async () => {
      await writeFile(join(directory.path, 'file'), '');
      const error = await failure(undefined, join(directory.path, 'file'));
      expect(error).to.include({ code: 'CONTEXT_NOT_A_DIRECTORY', exitCode: 2 });
    });
  });

  describe('the Dockerfile', () => {
    const suggestions: [found: string, wanted: string | undefined, suggested: string][] = [
      ['dockerfile', undefined, "'dockerfile'"],
      ['Containerfile', undefined, "'Containerfile'"],
      ['api.Dockerfile', undefined, "'api.Dockerfile'"],
      ['docker/Dockerfile', 'docker/Dokerfile', "'docker/Dockerfile'"],
      ['Dockerfile', 'app/Dockerfile', "'Dockerfile'"],
    ];
    for (const [found, wanted, suggested] of suggestions) {
      it(`${wanted ?? 'that nobody named'} is missing: ${found} is suggested`, async () => {
        await makeTree(directory.path, { [found]: 'FROM scratch' });
        const error = await failure(wanted);
        expect(error).to.include({ code: 'DOCKERFILE_NOT_FOUND', exitCode: 2 });
        expect(error.fix).to.include(suggested);
      });
    }

    it('that is a directory is refused', async () => {
      await mkdir(join(directory.path, 'Dockerfile'));
      const error = await failure();
      expect(error).to.include({ code: 'DOCKERFILE_NOT_FOUND', reason: 'It is not a regular file.' });
    });

    for (const path of ['../Dockerfile', '/etc/passwd', 'a/../../Dockerfile', '..']) {
      it(`at ${path} is outside of the context`, async () => {
        expect(await failure(path)).to.include({ code: 'DOCKERFILE_OUTSIDE_CONTEXT', exitCode: 2 });
      });
    }

    for (const target of ['../Dockerfile', '/etc/passwd', 'Dockerfile']) {
      it(`that is a symlink to ${target} is outside of the context`, async () => {
        await makeTree(directory.path, { Dockerfile: { link: target } });
        expect(await failure()).to.have.property('code', 'DOCKERFILE_OUTSIDE_CONTEXT');
      });
    }

    it('that is a symlink within the context comes with all that it leads through', async () => {
      const tree = {
        '.dockerignore': '*',
        Dockerfile: { link: 'current/Dockerfile' },
        current: { link: 'v2' },
        'v2/Dockerfile': 'FROM scratch',
        'v2/other': '',
      };
      expect(await pathsOf(tree)).to.deep.equal(['.dockerignore', 'Dockerfile', 'current', 'v2', 'v2/Dockerfile']);
    });

    it('may begin with two dots', async () => {
      expect(await pathsOf({ '..Dockerfile': 'FROM scratch' }, '..Dockerfile')).to.deep.equal(['..Dockerfile']);
    });

    it('may be given by an absolute path', async () => {
      await makeTree(directory.path, { 'a/Dockerfile': 'FROM scratch' });
      const context = await openBuildContext(directory.path, { dockerfile: join(directory.path, 'a/Dockerfile') });
      expect(context.dockerfile).to.equal('a/Dockerfile');
    });
  });

  describe('the entries', () => {
    it('are sorted by the bytes of their paths', async () => {
      const tree = { Dockerfile: '', 'a/b': '', 'a.b': '', 'a-b': '', é: '', '\uffee': '', '😀': '', a0: '' };
      const expected = ['Dockerfile', 'a', 'a-b', 'a.b', 'a/b', 'a0', 'é', '\uffee', '😀'];
      expect(await pathsOf(tree)).to.deep.equal(expected);
    });

    it('say kind, size, whether it may be executed, and where a link points', async () => {
      await makeTree(directory.path, {
        Dockerfile: 'FROM scratch',
        empty: emptyDirectory,
        run: { executable: '#!/bin/sh' },
        up: { link: '../none' },
      });
      const context = await openBuildContext(directory.path);
      const told = context.entries.map(({ path, kind, size, executable, ...more }) => {
        return { path, kind, size, executable, ...('target' in more ? { target: more.target } : {}) };
      });
      expect(told).to.deep.equal([
        { path: 'Dockerfile', kind: 'file', size: 12, executable: false },
        { path: 'empty', kind: 'directory', size: 0, executable: false },
        { path: 'run', kind: 'file', size: 9, executable: true },
        { path: 'up', kind: 'symlink', size: 0, executable: false, target: '../none' },
      ]);
      expect(context.totalBytes).to.equal(21);
    });

    it('hold a symlink to a directory, not what is in the directory', async () => {
      const tree = { Dockerfile: '', 'a/b': '', link: { link: 'a' }, loop: { link: '.' } };
      expect(await pathsOf(tree)).to.deep.equal(['Dockerfile', 'a', 'a/b', 'link', 'loop']);
    });

    it('leave out pipes, and say so', async () => {
      await makeTree(directory.path, { Dockerfile: '', '.dockerignore': 'ignored' });
      execFileSync('mkfifo', [join(directory.path, 'pipe'), join(directory.path, 'ignored')]);
      const context = await openBuildContext(directory.path);
      expect(context.entries.map((entry) => entry.path)).to.deep.equal(['.dockerignore', 'Dockerfile']);
      expect(context.skipped).to.deep.equal(['pipe']);
    });

    it('cannot have a name that is no UTF-8, unless it is ignored', async function () {
      const name = Buffer.concat([Buffer.from(`${directory.path}/bad-`), Buffer.from([0xff])]);
      await makeTree(directory.path, { Dockerfile: '' });
      // Some file systems refuse such names themselves.
      await writeFile(name, '').catch(() => this.skip());
      expect(await failure()).to.have.property('code', 'CONTEXT_NAME_INVALID');
      await writeFile(join(directory.path, '.dockerignore'), 'bad-?');
      expect((await openBuildContext(directory.path)).entries).to.have.length(2);
    });

    it('end where the signal says so', async () => {
      await makeTree(directory.path, { Dockerfile: '' });
      const signal = AbortSignal.abort(new Error('enough'));
      const error: unknown = await openBuildContext(directory.path, { signal }).catch((reason: unknown) => reason);
      expect(error).to.have.property('message', 'enough');
    });
  });

  describe('the ignore file', () => {
    it('always leaves the Dockerfile and itself', async () => {
      const tree = { '.dockerignore': '**', 'docker/Dockerfile': '', 'docker/other': '', other: '' };
      const expected = ['.dockerignore', 'docker', 'docker/Dockerfile'];
      expect(await pathsOf(tree, 'docker/Dockerfile')).to.deep.equal(expected);
    });

    it('named after the Dockerfile goes before the common one', async () => {
      const tree = { '.dockerignore': 'a', 'api.Dockerfile': '', 'api.Dockerfile.dockerignore': 'b', a: '', b: '' };
      const expected = ['.dockerignore', 'a', 'api.Dockerfile', 'api.Dockerfile.dockerignore'];
      expect(await pathsOf(tree, 'api.Dockerfile')).to.deep.equal(expected);
    });

    it('leaves the parents of what it excepts, and no other directory that it leaves out', async () => {
      const tree = {
        '.dockerignore': '*\n!a/b/keep\n!c/none',
        Dockerfile: '',
        'a/b/keep': '',
        'a/b/drop': '',
        'a/x/drop': '',
        'c/drop': '',
      };
      expect(await pathsOf(tree)).to.deep.equal(['.dockerignore', 'Dockerfile', 'a', 'a/b', 'a/b/keep']);
    });

    it('leaves such parents also where directories beside them are dropped again', async () => {
      const tree = {
        '.dockerignore': '*\n!a/keep\n!a-/none\n!b/none\n!b-keep',
        Dockerfile: '',
        'a/keep': '',
        'a-/drop': '',
        'b/drop': '',
        'b-keep': '',
      };
      expect(await pathsOf(tree)).to.deep.equal(['.dockerignore', 'Dockerfile', 'a', 'a/keep', 'b-keep']);
    });

    it('spares a directory that nothing excepts from being read', async function () {
      await makeTree(directory.path, { '.dockerignore': 'node_modules\n!src/x', Dockerfile: '', 'node_modules/a': '' });
      // A name that is not valid stops a walk that comes across it.
      const name = Buffer.concat([Buffer.from(`${directory.path}/node_modules/`), Buffer.from([0xff])]);
      await mkdir(name).catch(() => this.skip());
      expect((await openBuildContext(directory.path)).entries).to.have.length(2);
    });

    it('with a pattern that is not valid is refused', async () => {
      await makeTree(directory.path, { '.dockerignore': 'ok\n[a', Dockerfile: '' });
      expect(await failure()).to.include({ code: 'DOCKERIGNORE_PATTERN_INVALID', exitCode: 2 });
    });
  });

  it('says which directory it may not read', async () => {
    await makeTree(directory.path, { Dockerfile: '', 'closed/a': '' });
    await chmod(join(directory.path, 'closed'), 0);
    const error = await asOrdinaryUser(directory.path, failure);
    await chmod(join(directory.path, 'closed'), 0o700);
    expect(error).to.include({ code: 'CONTEXT_FILE_UNREADABLE' }).and.property('message').includes("'closed'");
    await rm(join(directory.path, 'closed'), { recursive: true });
  });
});

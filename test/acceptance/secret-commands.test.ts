import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ProgramResult, slipwayProgram, Workspace } from '../support/workspace.js';

// Words that must be nowhere but in secrets.json.
const fromFile = 'file-hunter2';
const fromInput = 'input-hunter2';
const fromLine = 'line-hunter2';

describe('Commands of secrets', () => {
  let workspace: Workspace;
  const results: ProgramResult[] = [];
  const slipway = async (...args: readonly string[]): Promise<ProgramResult> => {
    const result = await workspace.run([slipwayProgram, ...args], { SLIPWAY_DEBUG: '1' });
    results.push(result);
    return result;
  };

  before(async () => {
    workspace = await Workspace.create();
    await workspace.file('password', `${fromFile}\n`);
    await workspace.file('pem', `${fromFile}\nsecond line\n`);
  });
  after(() => workspace.remove());

  it('take values from files, standard input and the command line, which they warn of', async () => {
    const created = await slipway('secret', 'create', 'login', '--password=@password', '--pem=@pem', '--at=@@password');
    expect(created.stderr).to.match(/^Warning: The value of --at stands on the command line\./);
    expect(created.stderr).to.include("Created the secret 'login'. Refer to it as {{login.at}}, {{login.password}}");
    const input = await workspace.runWithInput(`${fromInput}\n`, 'secret', 'update', 'login', '--token=-');
    expect(input).to.deep.include({ stderr: "Updated the secret 'login':\n  token: added\n", exitCode: 0 });
    results.push(input);
    const line = await slipway('secret', 'update', 'login', `--other=${fromLine}`, '-r', 'at');
    expect(line.stderr).to.match(/Updated the secret 'login':\n {2}other: added\n {2}at: removed\n$/);
    const path = join(workspace.configDirectory, 'secrets.json');
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    const { secrets } = JSON.parse(await readFile(path, 'utf8')) as { secrets: { values: object }[] };
    expect(secrets[0]?.values).to.deep.equal({
      password: fromFile,
      pem: `${fromFile}\nsecond line\n`,
      token: fromInput,
      other: fromLine,
    });
  });

  it('list and describe everything but values, and what uses them', async () => {
    await slipway(
      'container-registry',
      'register',
      'reg',
      '-f',
      'default',
      '--uri=ghcr.io/acme',
      '--username=me',
      '--password={{login.password}}',
    );
    expect((await slipway('secret', 'list')).stdout).to.equal(
      'NAME   KEYS                         USED BY\nlogin  other, password, pem, token  container registry reg\n',
    );
    const { stdout } = await slipway('secret', 'describe', 'login', '-o', 'json');
    expect(JSON.parse(stdout)).to.deep.include({
      version: 1,
      name: 'login',
      used_by: [{ type: 'container_registry', name: 'reg' }],
    });
    expect((await slipway('secret', 'describe', 'login')).stdout).to.match(/^password +\{\{login\.password\}\}$/m);
    expect((await slipway('container-registry', 'describe', 'reg')).stdout).to.include('{{login.password}}');
    expect((await slipway('container-registry', 'update', 'reg', '--password={{login.token}}')).stderr).to.equal(
      "Updated the container registry 'reg':\n  password: {{login.password}} → {{login.token}}\n",
    );
    await workspace.setUp(['container-registry', 'update', 'reg', '--password={{login.password}}']);
  });

  it('say what is wrong without a value', async () => {
    const wrong: readonly [args: readonly string[], code: string][] = [
      [['secret', 'create', 'login', '--a=@password'], 'NAME_TAKEN'],
      [['secret', 'create', 'two', '--a', fromLine], 'UNEXPECTED_ARGUMENT'],
      [['secret', 'create', '--a', fromLine, 'two'], 'UNEXPECTED_ARGUMENT'],
      [['secret', 'create', 'two', '--a'], 'NEEDS_TERMINAL'],
      [['secret', 'create', 'two', '--a=-', '--b=-'], 'INVALID_OPTION'],
      [['secret', 'create', 'two', '--a=@none'], 'UNREADABLE_FILE'],
      [['secret', 'create', 'two', `--a=${fromLine}`, `--a=${fromLine}`], 'REPEATED_OPTION'],
      [['secret', 'create', 'two'], 'EMPTY_SECRET'],
      [['secret', 'create', 'two', '--a=-'], 'EMPTY_SECRET'],
      [['secret', 'describe', 'logn'], 'UNKNOWN_SECRET'],
      [['secret', 'update', 'login'], 'NOTHING_TO_UPDATE'],
      [['secret', 'update', 'login', '-r', 'password'], 'SECRET_IN_USE'],
      [['secret', 'update', 'login', '-r', 'passwort'], 'UNKNOWN_SECRET_KEY'],
      [['secret', 'delete', 'login'], 'NEEDS_TERMINAL'],
      [['secret', 'delete', 'login', '-y'], 'SECRET_IN_USE'],
      [
        ['container-registry', 'register', 'r', '-f', 'default', '--uri=x', `--pasword=${fromLine}`],
        'UNKNOWN_ATTRIBUTE',
      ],
    ];
    const ends = await Promise.all(wrong.map(([args]) => slipway(...args)));
    for (const [index, { stdout, stderr, exitCode }] of ends.entries()) {
      const [args, code] = wrong[index] ?? [[], ''];
      expect({ stdout, exitCode }, args.join(' ')).to.deep.equal({ stdout: '', exitCode: 2 });
      expect(stderr, args.join(' ')).to.include(`Code: ${code}\n`);
    }
    expect((await slipway('secret', 'describe', 'logn')).stderr).to.include("Did you mean 'login'?");
  }).timeout(60_000);

  it('warn of a secret that is given in plain text, or of a reference to nothing', async () => {
    const register = ['container-registry', 'register'] as const;
    const registry = ['-f', 'default', '--uri=ghcr.io/acme', '--username=me'] as const;
    const [plain, dangling] = [
      await slipway(...register, 'plain', ...registry, `--password=${fromLine}`),
      await slipway(...register, 'dangling', ...registry, '--password={{login.pasword}}'),
    ];
    expect(plain.stderr)
      .to.include('Warning: The password of the container registry')
      .and.to.include('{{plain.password}}');
    expect(dangling.stderr).to.include('Warning: ').and.to.include("Did you mean 'password'?");
    await workspace.setUp(['container-registry', 'delete', 'plain'], ['container-registry', 'delete', 'dangling']);
  });

  it('never show a value, nor write one but to secrets.json', async () => {
    await slipway('stack', 'register', 'prod', '-c', 'reg');
    await slipway('container-registry', 'list', '-o', 'yaml', '--columns', 'all');
    await slipway('secret', 'list', '-o', 'json', '--columns', 'all');
    await slipway('container-registry', 'update', 'reg', '--password={{login.token}}', '--insecure=maybe');
    for (const { stdout, stderr } of results) expect(stdout + stderr).not.to.include('hunter2');
    for (const file of await readdir(workspace.configDirectory)) {
      const text = await readFile(join(workspace.configDirectory, file), 'utf8').catch(() => '');
      // The document before the last change is kept as well: for the owner alone, like the document.
      if (file.startsWith('secrets.json')) continue;
      expect(text, file).not.to.include('hunter2');
    }
  });

  it('delete a secret that is not used', async () => {
    await workspace.setUp(['stack', 'delete', 'prod'], ['container-registry', 'delete', 'reg']);
    expect(await slipway('secret', 'delete', 'login', '--yes')).to.deep.equal({
      stdout: '',
      stderr: "Deleted the secret 'login'.\n",
      exitCode: 0,
    });
    expect((await slipway('secret', 'list')).stderr).to.include('There are no secrets; one is created with');
  });
});

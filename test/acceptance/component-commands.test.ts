import { expect } from 'chai';
import { Workspace } from '../support/workspace.js';

interface Described {
  readonly configuration: Readonly<Record<string, unknown>>;
}

describe('Commands of a component type', () => {
  let workspace: Workspace;
  const slipway = (...args: readonly string[]) => workspace.slipway(...args);
  const configurationOf = async (noun: string, name: string) => {
    const { stdout } = await slipway(noun, 'describe', name, '-o', 'json');
    return (JSON.parse(stdout) as Described).configuration;
  };

  beforeEach(async () => {
    workspace = await Workspace.create();
  });
  afterEach(() => workspace.remove());

  it('register, list, describe, update and delete a component', async () => {
    expect(
      await slipway('container-registry', 'register', 'reg', '--flavor=default', '--uri=ghcr.io/acme'),
    ).to.deep.equal({
      stdout: '',
      stderr: "Registered the container registry 'reg'.\n",
      exitCode: 0,
    });
    expect((await slipway('container-registry', 'list')).stdout).to.equal('  NAME  FLAVOR   STACKS\n  reg   default\n');
    await workspace.setUp(['stack', 'register', 'prod', '-c', 'reg', '--set']);
    expect((await slipway('container-registry', 'list')).stdout).to.equal(
      '   NAME  FLAVOR   STACKS\n*  reg   default  prod\n',
    );
    expect(await slipway('container-registry', 'update', 'reg', '--uri=ghcr.io/else', '--insecure=true')).to.deep.equal(
      {
        stdout: '',
        stderr:
          "Updated the container registry 'reg':\n  uri: ghcr.io/acme → ghcr.io/else\n  insecure: false (default) → true\n",
        exitCode: 0,
      },
    );
    const described = await slipway('container-registry', 'describe');
    expect(described.stderr).to.equal('');
    expect(described.stdout).to.equal(
      [
        'Name:    reg',
        'Type:    container registry',
        'Flavor:  default',
        'Stacks:  prod',
        'Active:  yes',
        '',
        'ATTRIBUTE           FROM     VALUE',
        'uri                 set      ghcr.io/else',
        'default_repository  -        -',
        'insecure            set      true',
        'skip_tls_verify     default  false',
        'ca_bundle           -        -',
        'username            -        -',
        'password            -        -',
        '',
      ].join('\n'),
    );
    await workspace.setUp(['stack', 'set', 'default'], ['stack', 'delete', 'prod']);
    expect(await slipway('container-registry', 'delete', 'reg')).to.deep.equal({
      stdout: '',
      stderr: "Deleted the container registry 'reg'.\n",
      exitCode: 0,
    });
    expect(await slipway('container-registry', 'list')).to.deep.equal({
      stdout: '',
      stderr:
        'There are no such container registries; one is registered with: slipway container-registry register NAME --flavor=FLAVOR\n',
      exitCode: 0,
    });
    expect((await slipway('container-registry', 'list', '-o', 'json')).stdout).to.equal(
      '{\n  "version": 1,\n  "items": []\n}\n',
    );
  });

  it('list and describe with the same JSON', async () => {
    await workspace.setUp(['container-registry', 'register', 'reg', '--flavor=default', '--uri=ghcr.io/acme']);
    const described = JSON.parse(
      (await slipway('container-registry', 'describe', 'reg', '--output=json')).stdout,
    ) as Record<string, unknown>;
    expect(described).to.include({ name: 'reg', type: 'container_registry', flavor: 'default', active: false });
    expect(described).to.deep.include({
      stacks: [],
      configuration: { uri: 'ghcr.io/acme' },
      defaults: { insecure: false, skip_tls_verify: false },
    });
    const listed = JSON.parse((await slipway('container-registry', 'list', '-ojson')).stdout) as unknown;
    const { version, ...item } = described;
    expect(version).to.equal(1);
    expect(listed).to.deep.equal({ version, items: [item] });
  });

  describe('take attributes', () => {
    const store = ['artifact-store', 'it', '-f', 'local'] as const;
    const registry = ['container-registry', 'it', '-f', 'default', '--uri=ghcr.io/acme'] as const;
    const ways: readonly [title: string, args: readonly string[], configuration: Record<string, unknown>][] = [
      ['with =', [...store, '--path=a'], { path: 'a' }],
      ['with a space', [...store, '--path', 'a'], { path: 'a' }],
      ['with hyphens', [...registry, '--default-repository=a'], { default_repository: 'a' }],
      ['with underscores', [...registry, '--default_repository', 'a'], { default_repository: 'a' }],
      ['before the name', ['artifact-store', '-f=local', '--path', 'a', 'it'], { path: 'a' }],
      ['that begin with a hyphen', ['artifact-store', 'it', '-flocal', '--path=-a'], { path: '-a' }],
      ['that look like a number, as text', [...store, '--path=1.10'], { path: '1.10' }],
      ['that look like a hexadecimal number, as text', [...store, '--path', '0x10'], { path: '0x10' }],
      ['with = in the value', [...store, '--path=a=b'], { path: 'a=b' }],
      ['that are True', [...registry, '--insecure=True'], { insecure: true }],
      ['that are False, after a space', [...registry, '--insecure', 'False'], { insecure: false }],
      ['that are bare booleans, at the end', [...registry, '--insecure'], { insecure: true }],
      [
        'that are bare booleans, before the name',
        ['container-registry', '-f', 'default', '--uri=ghcr.io/acme', '--skip-tls-verify', 'it'],
        { skip_tls_verify: true },
      ],
      ['from a file, as it is', [...store, '--path=@value'], { path: ' of\na file\n' }],
      ['from a file, after a space', [...store, '--path', '@value'], { path: ' of\na file\n' }],
      ['that begin with @', [...store, '--path=@@value'], { path: '@value' }],
    ];
    for (const [title, [noun = '', ...args], configuration] of ways) {
      it(title, async () => {
        await workspace.file('value', ' of\na file\n');
        await workspace.setUp([noun, 'register', ...args]);
        const uri = noun === 'container-registry' ? { uri: 'ghcr.io/acme' } : {};
        expect(await configurationOf(noun, 'it')).to.deep.equal({ ...uri, ...configuration });
      });
    }
  });

  it('take the nouns with underscores too', async () => {
    expect((await slipway('artifact_store', 'list', '-o', 'json')).exitCode).to.equal(0);
  });

  it('update says so where nothing changed', async () => {
    await workspace.setUp(['container-registry', 'register', 'reg', '--flavor=default', '--uri=ghcr.io/acme']);
    expect((await slipway('container-registry', 'update', 'reg', '--uri=ghcr.io/acme')).stderr).to.equal(
      "Nothing changed: the container registry 'reg' was like that already.\n",
    );
  });

  it('take a list of names and values as NAME=VALUE, change one of it, and take it back', async () => {
    const register = ['image-builder', 'register', 'kb', '-f', 'kaniko', '--kubernetes_context=dev'] as const;
    await workspace.setUp([...register, '--env', 'A=1', '--env', 'B=x=y']);
    expect(await configurationOf('image-builder', 'kb')).to.deep.include({
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: 'x=y' },
      ],
    });
    expect(
      (await slipway('image-builder', 'update', 'kb', '--env=A=2', '--env', 'B=', '--env', 'C=3')).stderr,
    ).to.equal("Updated the image builder 'kb':\n  env A: 1 → 2\n  env B: x=y → -\n  env C: - → 3\n");
    const [help, described, wrong, notSet] = await Promise.all([
      slipway('image-builder', 'register', '-f', 'kaniko', '--help'),
      slipway('flavor', 'describe', 'kaniko'),
      slipway('image-builder', 'update', 'kb', '--env', 'A'),
      slipway('image-builder', 'remove-attribute', 'kb', 'build_timeout'),
    ]);
    expect(help.stdout).to.match(/^ {2}--env NAME=VALUE .*May be repeated; or all at once as JSON: --env='\[\{/m);
    expect(described.stdout).to.match(/^env .*--env NAME=VALUE, repeated\.$/m);
    expect(wrong.stderr).to.include('neither NAME=VALUE nor a JSON list').and.to.include('Code: INVALID_ATTRIBUTE');
    expect(notSet.stderr).to.include('Code: ATTRIBUTE_NOT_SET');
    expect((await slipway('image-builder', 'remove-attribute', 'kb', '--env')).exitCode).to.equal(0);
    expect(await configurationOf('image-builder', 'kb')).to.deep.equal({ kubernetes_context: 'dev' });
  });

  it('copy, rename, label, filter, get and explain a component', async () => {
    await workspace.setUp(
      ['container-registry', 'register', 'reg', '-f', 'default', '--uri=ghcr.io/acme', '-l', 'team=payments'],
      ['stack', 'register', 'prod', '-c', 'reg', '--set'],
      ['container-registry', 'copy', 'reg', 'reg-10'],
      ['container-registry', 'rename', 'reg', 'main'],
      ['container-registry', 'update', '-l', 'team='],
    );
    const names = (...args: readonly string[]) => slipway('container-registry', 'list', '-o', 'name', ...args);
    const [get, elsewhere, all, named, labelled, flavored, none, wrong, explained, columns] = await Promise.all([
      slipway('container-registry', 'get'),
      slipway('container-registry', 'get', '--stack=default'),
      names('--sort', 'name'),
      names('--name=startswith:reg'),
      names('--label=team'),
      names('--flavor=contains:def'),
      slipway('container-registry', 'list', '--name=nothing'),
      names('--name=contain:x'),
      slipway('container-registry', 'explain'),
      slipway('container-registry', 'list', '--columns=name,label'),
    ]);
    expect(get.stdout).to.equal('main\n');
    expect(elsewhere.stderr).to.include('Code: NO_ACTIVE_COMPONENT');
    expect([all, named, labelled, flavored].map(({ stdout }) => stdout)).to.deep.equal([
      'main\nreg-10\n',
      'reg-10\n',
      'reg-10\n',
      'main\nreg-10\n',
    ]);
    expect(none).to.deep.include({ stdout: '', exitCode: 0 });
    expect(none.stderr).to.match(/^There are no such container registries; /);
    expect(wrong.stderr).to.include("Did you mean 'contains");
    expect(explained.stdout).to.match(
      /^A container registry is where .*[^]*^FLAVOR +ABOUT$[^]*slipway container-registry register my-/m,
    );
    expect(columns.stderr).to.include("There is no column 'label'.\nDid you mean 'labels'?");
    expect((await slipway('stack', 'describe')).stdout).to.match(/^container registry +main /m);
  });

  it('never print a secret', async () => {
    const secret = 'hunter2-hunter2';
    const outputs = [
      await slipway(
        'container-registry',
        'register',
        'reg',
        '-f',
        'default',
        '--uri=ghcr.io',
        '--username=me',
        '--password',
        secret,
      ),
      await slipway('container-registry', 'list', '-o', 'json'),
      await slipway('container-registry', 'describe', 'reg'),
      await slipway('container-registry', 'describe', 'reg', '-o', 'json'),
      await slipway('container-registry', 'update', 'reg', `--password=${secret}-new`),
      await slipway('container-registry', 'update', 'reg', `--pasword=${secret}`),
      await slipway('container-registry', 'register', 'reg', '-f', 'default', `--password=${secret}`, '--uri=ghcr.io'),
      await slipway('container-registry', 'register', 'two', '-f', 'default', '--uri=x', '--password', 'a', secret),
      await slipway('container-registry', 'register', 'two', '-f', 'default', '--uri=x', `--password=${secret}`),
    ];
    expect(await workspace.storeText()).to.include(`${secret}-new`);
    expect(outputs.map(({ exitCode }) => exitCode)).to.deep.equal([0, 0, 0, 0, 0, 2, 2, 2, 2]);
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.to.include('hunter2');
    expect(outputs[2]?.stdout).to.match(/^password +set +\*{8}$/m);
    expect(outputs[4]?.stderr).to.include('password: ******** → ********');
  });
});

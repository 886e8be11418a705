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
        'There are no container registries; one is registered with: slipway container-registry register NAME --flavor=FLAVOR\n',
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
      "The container registry 'reg' was so already.\n",
    );
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

import { expect } from 'chai';
import { slipwayProgram, Workspace } from '../support/workspace.js';

describe('Commands of stacks', () => {
  let workspace: Workspace;
  const slipway = (...args: readonly string[]) => workspace.slipway(...args);

  beforeEach(async () => {
    workspace = await Workspace.create();
  });
  afterEach(() => workspace.remove());

  it('find a stack in a fresh installation that builds from files and keeps artifacts here', async () => {
    expect(await slipway('stack', 'list')).to.deep.equal({
      stdout:
        '   NAME     IMAGE BUILDER  CONTAINER REGISTRY  ARTIFACT STORE\n*  default  default        -                   default\n',
      stderr: '',
      exitCode: 0,
    });
    expect(await workspace.storeText()).to.equal('');
  });

  it('register, activate, show, change and delete a stack', async () => {
    await workspace.setUp(
      ['container-registry', 'register', 'reg', '--flavor=default', '--uri=ghcr.io/acme'],
      ['container-registry', 'register', 'other', '--flavor=default', '--uri=ghcr.io/other'],
    );
    expect(await slipway('stack', 'register', 'prod', '--container_registry', 'reg')).to.deep.equal({
      stdout: '',
      stderr: "Registered the stack 'prod'.\n",
      exitCode: 0,
    });
    expect((await slipway('stack', 'get')).stdout).to.equal('default\n');
    expect(await slipway('stack', 'set', 'prod')).to.deep.equal({
      stdout: '',
      stderr: "The stack 'prod' is active now.\n",
      exitCode: 0,
    });
    expect(await slipway('stack', 'get')).to.deep.equal({
      stdout: 'prod\n',
      stderr: 'From your setting.\n',
      exitCode: 0,
    });
    expect((await slipway('stack', 'update', '-c', 'other', '-adefault')).stderr).to.equal(
      "Updated the stack 'prod':\n  container registry: reg → other\n  artifact store: - → default\n",
    );
    expect((await slipway('stack', 'describe')).stdout).to.equal(
      [
        'Name:    prod',
        'Active:  yes',
        '',
        'TYPE                COMPONENT  FLAVOR',
        'image builder       -          -',
        'container registry  other      default',
        'artifact store      default    local',
        '',
      ].join('\n'),
    );
    expect((await slipway('stack', 'set', 'default')).exitCode).to.equal(0);
    expect(await slipway('stack', 'delete', 'prod')).to.deep.equal({
      stdout: '',
      stderr: "Deleted the stack 'prod'.\n",
      exitCode: 0,
    });
  });

  it('list and describe with the same JSON', async () => {
    const described = JSON.parse((await slipway('stack', 'describe', '-o', 'json')).stdout) as Record<string, unknown>;
    expect(described).to.deep.include({
      name: 'default',
      active: true,
      components: {
        artifact_store: { name: 'default', flavor: 'local' },
        image_builder: { name: 'default', flavor: 'direct' },
      },
    });
    const listed = JSON.parse((await slipway('stack', 'list', '-o', 'json')).stdout) as { items: object[] };
    expect(listed.items).to.have.length(1);
    expect(['version', ...Object.keys(listed.items[0] ?? {})]).to.deep.equal(Object.keys(described));
  });

  describe('of a stack prod', () => {
    beforeEach(() =>
      workspace.setUp(
        ['container-registry', 'register', 'reg', '--flavor=default', '--uri=ghcr.io/acme'],
        ['stack', 'register', 'prod', '-i', 'default', '-c', 'reg', '-l', 'team=payments', '-l', 'tier=1'],
      ),
    );

    it('rename, copy, label, take out and delete with what no other stack has', async () => {
      await workspace.setUp(['stack', 'copy', 'prod', 'copied'], ['stack', 'rename', 'copied', 'test']);
      expect((await slipway('stack', 'update', 'test', '-l', 'team=', '-l', 'tier=2')).stderr).to.equal(
        "Updated the stack 'test':\n  label team: payments → -\n  label tier: 1 → 2\n",
      );
      expect((await slipway('stack', 'remove-component', 'test', '-i')).stderr).to.equal(
        "Updated the stack 'test':\n  image builder: default → -\n",
      );
      const [byLabel, byComponent, sorted, asked, empty] = await Promise.all([
        slipway('stack', 'list', '-l', 'tier=2', '-o', 'name'),
        slipway('stack', 'list', '-i', 'default', '--name=contains:o', '-o', 'name'),
        slipway('stack', 'list', '--sort=desc:name', '-o', 'name'),
        slipway('stack', 'delete', 'prod', '-r'),
        slipway('stack', 'remove-component', 'test'),
      ]);
      expect([byLabel, byComponent, sorted].map(({ stdout }) => stdout)).to.deep.equal([
        'test\n',
        'prod\n',
        'test\nprod\ndefault\n',
      ]);
      expect(asked.stderr).to.include('has to be confirmed.\nThere is no terminal').and.to.include('Fix: Add --yes.');
      expect(empty.stderr).to.include('Fix: Name at least one: -i, -c, -a');
      expect((await slipway('stack', 'delete', 'prod', '-r', '-y')).stderr).to.equal("Deleted the stack 'prod'.\n");
      expect((await slipway('stack', 'delete', 'test', '-ry')).stderr).to.equal(
        "Deleted the stack 'test', and:\n  container registry 'reg'\n",
      );
    });

    it('say which stack is active, and what decided it', async () => {
      await workspace.file('slipway.yaml', 'stack: prod\n');
      const environment = { SLIPWAY_STACK: 'default' };
      const get = (variables: NodeJS.ProcessEnv, ...args: readonly string[]) =>
        workspace.run([slipwayProgram, 'stack', 'get', ...args], variables);
      const [project, variable, option, json, described, missing] = await Promise.all([
        get({}),
        get(environment),
        get(environment, '--stack', 'prod'),
        get({}, '-o', 'json'),
        slipway('container-registry', 'get'),
        get({ SLIPWAY_STACK: 'prd' }),
      ]);
      expect(project).to.deep.include({ stdout: 'prod\n', stderr: `From ${workspace.directory}/slipway.yaml.\n` });
      expect(variable).to.deep.include({ stdout: 'default\n', stderr: 'From SLIPWAY_STACK.\n' });
      expect(option).to.deep.include({ stdout: 'prod\n', stderr: 'From --stack.\n' });
      expect(JSON.parse(json.stdout)).to.include({ version: 1, name: 'prod', origin: 'project' });
      expect(described.stdout).to.equal('reg\n');
      expect(missing.stderr).to.include("'prd', which SLIPWAY_STACK names.\nDid you mean 'prod'?");
      expect((await slipway('stack', 'set', 'default')).stderr).to.match(
        /^Your active stack is 'default' now\.\nWarning: Here the stack 'prod' is active all the same\./,
      );
    });

    it('go on without validation where that is said', async () => {
      const register = ['stack', 'register', 's', '-i', 'kb'] as const;
      await workspace.setUp(['image-builder', 'register', 'kb', '-f', 'kaniko', '--kubernetes_context=dev']);
      expect((await slipway(...register)).stderr).to.include('Code: STACK_INVALID');
      await workspace.setUp([...register, '--no-validate']);
      expect((await slipway('stack', 'set', 's')).stderr).to.include('Code: STACK_INVALID');
      await workspace.setUp(['stack', 'set', 's', '--no-validate']);
    });

    it('export to a file that another machine imports, which renames or replaces what differs', async () => {
      const elsewhere = await Workspace.create();
      const there = (...args: readonly string[]) => elsewhere.slipway(...args);
      try {
        await workspace.setUp(['stack', 'export', 'prod', 'prod.yaml']);
        expect((await slipway('stack', 'export', 'prod', 'prod.yaml')).stderr).to.include('Code: FILE_EXISTS');
        const exported = await slipway('stack', 'export', '--stack', 'prod');
        expect(exported.stdout).to.match(/^slipway_stack: 1\nname: prod\n/);
        await elsewhere.file('prod.yaml', exported.stdout);
        expect((await there('stack', 'import', 'prod.yaml', '--set')).stderr).to.equal(
          "Imported the stack 'prod':\n  image builder 'default': reused\n  container registry 'reg': created\n",
        );
        expect((await there('stack', 'import', 'prod.yaml')).stderr).to.match(
          /^Nothing changed: the stack 'prod' was like that already\./,
        );
        await elsewhere.setUp(['container-registry', 'update', 'reg', '--uri=ghcr.io/other']);
        const conflict = await there('stack', 'import', 'prod.yaml');
        expect(conflict.exitCode).to.equal(2);
        expect(conflict.stderr)
          .to.include("another container registry 'reg', which differs in uri.")
          .and.to.include('--replace');
        await elsewhere.setUp(['stack', 'import', 'prod.yaml', '--rename', 'reg=reg2', '--rename=prod=prod2']);
        expect((await there('stack', 'import', 'prod.yaml', '--replace')).stderr).to.include("'reg': replaced");
        const stacks = await there('stack', 'list', '-o', 'json', '--columns=name,container_registry,active');
        expect((JSON.parse(stacks.stdout) as { items: object[] }).items).to.deep.include.members([
          { name: 'prod', container_registry: 'reg', active: true },
          { name: 'prod2', container_registry: 'reg2', active: false },
        ]);
        const broken = await elsewhere.runWithInput('a: [', 'stack', 'import', '-');
        expect(broken.stderr).to.include('Standard input is not YAML.').and.to.include('STACK_DOCUMENT_INVALID');
      } finally {
        await elsewhere.remove();
      }
    });
  });
});

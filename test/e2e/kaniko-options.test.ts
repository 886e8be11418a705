import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { RegistryReader } from '../support/registry-reader.js';

interface Pod {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly nodeSelector?: object;
    readonly hostname?: string;
    readonly containers: readonly {
      readonly args: readonly string[];
      readonly resources: object;
      readonly env: object[];
    }[];
  };
}

const secret = 'hush-hush-4711';
const from = `FROM ${endToEndEnvironment.isChosen ? endToEndEnvironment.baseImage : ''}`;

describeEndToEnd('the options of a build with Kaniko', ['kaniko'], (world) => {
  const reader = new RegistryReader(endToEndEnvironment.registry);

  async function build(configuration: string, dockerfile: string, ...args: readonly string[]) {
    const context = await world.run.context({ Dockerfile: dockerfile });
    const { stdout, stderr } = await world.run.start(configuration, 'build', context, ...args).succeeds();
    return { references: stdout.trim().split('\n'), stderr };
  }

  it('gives several tags one digest, and the image its label, annotation, argument and stage', async () => {
    const dockerfile = `${from} AS base\nARG GREETING\nRUN echo "$GREETING" > /made.txt\nFROM base AS other\nRUN exit 1\n`;
    const { references } = await build(
      await world.run.stack(),
      dockerfile,
      ...['-t', 'demo/options:1', '-t', 'demo/options:2', '--target', 'base', '--build-arg', 'GREETING=hello'],
      ...['--label', 'team=vision', '--annotation', 'org.example.note=annotated', '--platform', 'linux/amd64'],
    );
    expect(references).to.have.length(2);
    const digests = references.map((reference) => reference.split('@')[1]);
    expect(digests[0]).to.equal(digests[1]);
    for (const reference of references) expect(await reader.digest(reference.split('@')[0] ?? '')).to.equal(digests[0]);
    expect(await reader.file(references[0] ?? '', 'made.txt')).to.equal('hello\n');
    const { manifest, config } = await reader.image(references[0] ?? '');
    expect(manifest.annotations).to.include({ 'org.example.note': 'annotated' });
    expect(config.config.Labels).to.include({ team: 'vision' });
  });

  it('uses in a second build the layers that the first has kept, unless told not to', async () => {
    const configuration = await world.run.stack();
    const dockerfile = `${from}\nRUN head -c 20 /dev/urandom | sha256sum > /made.txt\n`;
    const options = ['--with', 'cache=true', '--with', 'cache_repo=demo/kept', '-t', 'demo/cached:1'];
    const made: string[] = [];
    for (const more of [[], [], ['--no-cache']]) {
      const { references } = await build(configuration, dockerfile, ...options, ...more);
      made.push(await reader.file(references[0] ?? '', 'made.txt'));
    }
    expect(made[1]).to.equal(made[0]);
    expect(made[2]).not.to.equal(made[0]);
  });

  it('lets a RUN read a secret, which is in no image, no output and no manifest', async () => {
    const configuration = await world.run.stack();
    const dockerfile = `${from}
RUN --mount=type=secret,id=file test "$(cat /run/secrets/file)" = "${secret}" && echo yes > /file.txt
RUN --mount=type=secret,id=variable,target=/tmp/v wc -c < /tmp/v > /variable.txt
`;
    const folder = await world.run.context({ 'secret.txt': secret });
    const options = [
      '--secret',
      `id=file,src=${folder}/secret.txt`,
      '--secret',
      'id=variable,env=A_SECRET',
      '-t',
      'demo/secret:1',
    ];
    const context = await world.run.context({ Dockerfile: dockerfile });
    process.env['A_SECRET'] = secret;
    try {
      const planned = await world.run.start(configuration, 'build', context, ...options, '--dry-run').succeeds();
      const built = world.run.start(configuration, 'build', context, ...options);
      const { stdout, stderr } = await built.succeeds();
      expect(await reader.file(stdout.trim(), 'file.txt')).to.equal('yes\n');
      expect((await reader.file(stdout.trim(), 'variable.txt')).trim()).to.equal(String(secret.length));
      // The command of the test names the file's content itself.
      const told = `${planned.stdout}${planned.stderr}${stdout}${stderr}`.replaceAll(`= "${secret}"`, '');
      for (const form of [secret, Buffer.from(secret).toString('base64')]) expect(told).not.to.include(form);
    } finally {
      delete process.env['A_SECRET'];
    }
  });

  it('says what to do where a build needs more memory than its limit', async () => {
    const dockerfile = `${from}\nRUN head -c 400000000 /dev/zero | tail\n`;
    const context = await world.run.context({ Dockerfile: dockerfile });
    const limit = ['--with', 'resources.limits.memory=150Mi', '-t', 'demo/greedy:1'];
    const { stderr } = await world.run.start(await world.run.stack(), 'build', context, ...limit).end;
    // Of several processes the kernel may kill that of the RUN alone, and the executor lives to say so.
    expect(stderr)
      .to.match(/^Code: (OUT_OF_MEMORY|RUN_FAILED)$/m)
      .and.to.match(/^Fix: .*memory/m);
  });
});

describeEndToEnd('the pod of a build', [], (world) => {
  it('has the shape that attributes and --with say', async () => {
    const { run } = world;
    const configuration = await run.stack();
    await run
      .start(
        configuration,
        ...['image-builder', 'update', run.name, '--node_selector={"kubernetes.io/os": "linux"}'],
        ...['--labels={"team": "vision"}', '--compressed_caching=false', '--snapshot_mode=redo'],
        '--job_template={"spec": {"template": {"spec": {"hostname": "from-template"}}}}',
      )
      .succeeds();
    const context = await run.context({ Dockerfile: `${from}\nRUN sleep 3\n` });
    const building = run.start(
      configuration,
      ...['build', context, '-t', 'demo/shaped:1', '--with', 'resources.limits.memory=900Mi'],
      ...[
        '--with',
        'resources.requests.cpu=10m',
        '--with',
        'env=COLOUR=blue',
        '--with',
        'node_selector.kubernetes.io/arch=amd64',
      ],
    );
    await building.prints('Sending the build context');
    const pods = await run.cluster.list<Pod>('pods');
    await building.succeeds();
    const [pod] = pods;
    const container = pod?.spec.containers[0];
    expect(container?.resources).to.deep.equal({
      limits: { memory: '900Mi' },
      requests: { cpu: '10m', memory: '900Mi' },
    });
    expect(container?.env).to.deep.equal([{ name: 'COLOUR', value: 'blue' }]);
    expect(container?.args).to.include.members(['--compressed-caching=false', '--snapshot-mode=redo']);
    expect(pod?.spec.nodeSelector).to.deep.equal({ 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' });
    expect(pod?.spec.hostname).to.equal('from-template');
    expect(pod?.metadata.labels).to.include({ team: 'vision' });
  });

  it('is told of a field that no Job has, which the cluster would drop without a word', async () => {
    const context = await world.run.context({ Dockerfile: `${from}\n` });
    const misspelt = 'job_template.spec.template.spec.nodeSelectr.disk=ssd';
    const options = ['-t', 'demo/misspelt:1', '--with', misspelt];
    const { stderr, exitCode } = await world.run.start(await world.run.stack(), 'build', context, ...options).end;
    expect(stderr).to.include('Code: MANIFEST_INVALID').and.include('nodeSelectr');
    expect(exitCode).to.equal(1);
  });
});

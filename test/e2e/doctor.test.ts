import { expect } from 'chai';
import { describeEndToEnd, type EndToEndWorld } from '../support/e2e-describe.js';

interface Check {
  readonly id: string;
  readonly outcome: 'ok' | 'warning' | 'failure';
  readonly message: string;
  readonly code?: string;
}

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

async function doctor(
  world: EndToEndWorld,
  configuration: string,
  ...args: readonly string[]
): Promise<readonly Check[]> {
  const { stdout } = await world.run.start(configuration, 'doctor', '--output=json', ...args).end;
  return (JSON.parse(stdout) as { items: Check[] }).items;
}

const failed = (checks: readonly Check[]): Check[] => checks.filter(({ outcome }) => outcome === 'failure');

describeEndToEnd('slipway doctor', [], (world) => {
  it('finds nothing that fails for a user with exactly the Role, and says what it was not allowed to look at', async () => {
    const checks = await doctor(world, await world.run.stack());
    expect(failed(checks)).to.deep.equal([]);
    expect(checks.filter(({ outcome }) => outcome === 'warning').map(({ id }) => id)).to.deep.equal([
      'kubernetes-unseen',
    ]);
  });

  it('names exactly the one permission that is taken out of the Role', async () => {
    const { cluster, name } = world.run;
    const configuration = await world.run.stack();
    const role = `role/slipway-${name}`;
    const { rules } = JSON.parse(await cluster.kubectl('get', role, '--output=json')) as { rules: Rule[] };
    const setRules = (changed: readonly Rule[]): Promise<string> =>
      cluster.kubectl('patch', role, '--type=merge', `--patch=${JSON.stringify({ rules: changed })}`);
    try {
      for (const rule of rules) {
        for (const verb of rule.verbs) {
          // Those builds have no use for which wait for no turn.
          if (rule.resources[0] === 'jobs' && verb === 'watch') continue;
          const lesser = rules.map((other) =>
            other === rule ? { ...rule, verbs: rule.verbs.filter((kept) => kept !== verb) } : other,
          );
          await setRules(lesser.filter(({ verbs }) => verbs.length > 0));
          const checks = await doctor(world, configuration);
          const missing = checks.filter(({ id }) => id === 'kubernetes-permissions').map(({ message }) => message);
          expect(missing, `${verb} ${rule.resources[0]}`).to.have.length(1);
          expect(missing[0]).to.include(`let you ${verb} ${rule.resources[0]} in namespace`);
        }
      }
    } finally {
      await setRules(rules);
    }
  });

  it('looks from inside the cluster, and leaves nothing there', async () => {
    const checks = await doctor(world, await world.run.stack(), '--from-cluster');
    expect(failed(checks)).to.deep.equal([]);
    const ids = ['cluster-pod', 'cluster-registry', 'executor-version'];
    expect(checks.map(({ id }) => id)).to.include.members(ids);
  });

  it('ends with 1 where something fails, and says what to do', async () => {
    const { forbiddenContext } = world.run.cluster;
    const configuration = await world.run.stack({ context: forbiddenContext });
    const { exitCode, stdout, stderr } = await world.run.start(configuration, 'doctor').end;
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(/^failure {2}The cluster of context 'slipway-e2e-forbidden' does not let you create jobs/m);
    expect(stdout).to.include(`slipway image-builder rbac ${world.run.name}`);
    expect(stderr).to.match(/\d+ failures/);
  });
});

// It is the executor that asks the registry, and Kaniko does so even where nothing is pushed.
describeEndToEnd('slipway doctor from inside the cluster', ['kaniko'], (world) => {
  it('says from inside the cluster that the registry is not there', async () => {
    const configuration = await world.run.stack();
    await world.run
      .start(configuration, 'container-registry', 'update', 'reg', '--uri=registry.invalid/team')
      .succeeds();
    const checks = failed(await doctor(world, configuration, '--from-cluster'));
    expect(checks.map(({ id, code }) => `${id} ${code}`)).to.deep.equal([
      'cluster-registry REGISTRY_UNREACHABLE',
      'container-registry REGISTRY_UNREACHABLE',
    ]);
  });
});

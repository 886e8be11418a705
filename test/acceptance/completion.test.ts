import { chmod, mkdir } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { slipwayProgram, Workspace } from '../support/workspace.js';

// Each line with what a shell must offer for its last word, beginning with these and in any order.
const lines: readonly [line: string, offered: readonly string[]][] = [
  ['slipway stac', ['stack']],
  ['slipway stack de', ['describe', 'delete']],
  ['slipway help exit', ['exit-codes']],
  ['slipway stack describe pr', ['prod']],
  ['slipway stack update prod --container-registry r', ['reg']],
  ['slipway container_registry describe r', ['reg']],
  ['slipway image-builder register kb --flavor k', ['kaniko']],
  ['slipway image-builder register kb -f kaniko --kubernetes_n', ['--kubernetes_namespace']],
  ['slipway container-registry update reg --insecure t', ['true']],
  ['slipway container-registry remove-attribute reg u', ['uri']],
  ['slipway stack list --columns name,image', ['name,image_builder']],
  ['slipway stack list -o j', ['json']],
  ['slipway config set progress pl', ['plain']],
  ['slipway nowhere at all ', []],
];

describe('Completion', () => {
  let workspace: Workspace;
  const run = (shell: string, script: string): string => {
    const { stdout, stderr } = spawnSync(shell, ['-c', script], {
      cwd: workspace.directory,
      encoding: 'utf8',
      env: {
        ...process.env,
        HOME: workspace.directory,
        PATH: `${join(workspace.directory, 'bin')}:${process.env['PATH'] ?? ''}`,
        SLIPWAY_CONFIG_DIR: workspace.configDirectory,
      },
    });
    expect(stderr).to.equal('');
    return stdout;
  };

  before(async () => {
    workspace = await Workspace.create();
    await mkdir(join(workspace.directory, 'bin'));
    await workspace.file('bin/slipway', `#!/bin/sh\nexec '${process.execPath}' '${slipwayProgram}' "$@"\n`);
    await chmod(join(workspace.directory, 'bin', 'slipway'), 0o755);
    await workspace.setUp(
      ['container-registry', 'register', 'reg', '-f', 'default', '--uri=ghcr.io/acme'],
      ['stack', 'register', 'prod', '-c', 'reg'],
    );
  });
  after(() => workspace.remove());

  it('offers commands, options and the names of what is there, in bash', function () {
    this.timeout(60_000);
    const script = `source <(slipway completion bash)
      offer() { COMP_LINE=$1 COMP_POINT=\${#1}; _slipway; local IFS=,; printf '%s\\t%s\\n' "$1" "\${COMPREPLY[*]}"; }
      ${lines.map(([line]) => `offer '${line}'`).join('\n')}`;
    expect(run('bash', script).split('\n').slice(0, -1)).to.deep.equal(
      lines.map(([line, offered]) => `${line}\t${offered.join(',')}`),
    );
  });

  it('gives bash only what follows the = of the word, where Readline begins a new one', () => {
    const script = `source <(slipway completion bash)
      COMP_LINE='slipway stack list --output=j' COMP_POINT=29; _slipway; printf '%s' "\${COMPREPLY[*]}"`;
    expect(run('bash', script)).to.equal('json');
  });

  it('offers the same in fish', function () {
    if (spawnSync('fish', ['--version']).error !== undefined) this.skip();
    this.timeout(60_000);
    const some = lines.slice(0, 5);
    const script = `slipway completion fish | source
      ${some.map(([line]) => `echo (complete -C '${line}' | string replace -r '\\t.*' '' | sort)`).join('\n')}`;
    expect(run('fish', script).split('\n').slice(0, -1)).to.deep.equal(
      some.map(([, offered]) => offered.toSorted().join(' ')),
    );
  });

  it('is a script that zsh can read', function () {
    if (spawnSync('zsh', ['--version']).error !== undefined) this.skip();
    expect(
      run('zsh', 'autoload -Uz compinit; compinit -u; source <(slipway completion zsh); print $+functions[_slipway]'),
    ).to.equal('1\n');
  });

  it('prints nothing but what may be offered, whatever is wrong', async () => {
    const [store, nothing, unknown] = await Promise.all([
      workspace.run([slipwayProgram, '__complete', 'stack', 'describe', ''], { SLIPWAY_CONFIG_DIR: '/dev/null/x' }),
      workspace.slipway('__complete'),
      workspace.slipway('completion', 'tcsh'),
    ]);
    expect(store).to.deep.include({ stderr: '', exitCode: 0 });
    expect(nothing).to.deep.include({ stderr: '', exitCode: 0 });
    expect(unknown.stderr).to.include("There is no completion for 'tcsh'.\nKnown: bash, fish, zsh.");
  });
});

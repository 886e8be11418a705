#!/usr/bin/env node
// The main job, step by step: registers a registry, a builder and a stack in a folder of its own, and builds examples/hello.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, styleText } from 'node:util';

const root = join(import.meta.dirname, '..');
const usage =
  'npm run quickstart -- --context=NAME --registry=HOST[:PORT][/PATH] [--insecure] [--executor-image=IMAGE]';

const { values } = parseArgs({
  options: {
    context: { type: 'string' },
    registry: { type: 'string' },
    insecure: { type: 'boolean', default: false },
    'executor-image': { type: 'string' },
  },
});
const { context, registry } = values;

// A build uses a cluster and pushes an image: it happens where a person named the place, not where a kubeconfig happens to point.
if (context === undefined || registry === undefined) {
  console.log(
    `There is no cluster to build in: name a context of your kubeconfig and a registry that pods reach: ${usage}`,
  );
  process.exit(0);
}

const configDirectory = await mkdtemp(join(tmpdir(), 'slipway-quickstart-'));
try {
  await step(
    'A container registry is where images go.',
    ['container-registry', 'register', 'reg', '--flavor=default', `--uri=${registry}`],
    values.insecure ? ['--insecure=true'] : [],
  );
  await step(
    'An image builder of the flavor kaniko builds in the cluster; this machine needs no Docker.',
    ['image-builder', 'register', 'kb', '--flavor=kaniko', `--kubernetes_context=${context}`],
    values['executor-image'] === undefined ? [] : [`--executor_image=${values['executor-image']}`],
  );
  await step('A stack puts them together, and --set makes it the active one.', [
    ...['stack', 'register', 'prod', '-i', 'kb', '-c', 'reg', '--set'],
  ]);
  await step('Now every build goes there. The only line on standard output is the image, by its digest.', [
    ...['build', './examples/hello', '-t', 'demo/hello:1'],
  ]);
  console.log('\nThat is all. What was registered here is thrown away; README.md says how to go on.');
} finally {
  await rm(configDirectory, { recursive: true, force: true });
}

/** Says why, shows the command, and runs it. Ends the quickstart where it fails. */
async function step(why, args, more = []) {
  const words = [...args, ...more];
  console.log(`\n${why}\n${styleText('bold', `$ slipway ${words.join(' ')}`)}`);
  const child = spawn(process.execPath, [join(root, 'packages/cli/bin/slipway.js'), ...words], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SLIPWAY_CONFIG_DIR: configDirectory },
  });
  // Ctrl-C reaches the command as well; it cleans up, and then we do.
  process.on('SIGINT', () => undefined);
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code === 0) return;
  await rm(configDirectory, { recursive: true, force: true });
  process.exit(code ?? 1);
}

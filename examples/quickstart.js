#!/usr/bin/env node
// Builds examples/hello, step by step, with a configuration folder of its own: from files alone, or in a cluster where one is named.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { OciLayout, resolveImage } from '@slipway/oci';

const root = join(import.meta.dirname, '..');
const inCluster =
  'npm run quickstart -- --context=NAME --registry=HOST[:PORT][/PATH] [--insecure] [--executor-image=IMAGE]';

const values = readOptions();
if (values.help) {
  console.log(
    `Builds a small image from files alone: npm run quickstart\nThe same in a cluster:                 ${inCluster}`,
  );
  process.exit();
}

const configDirectory = await mkdtemp(join(tmpdir(), 'slipway-quickstart-'));

// A build in a cluster pushes an image: it happens where a person named the place, not where a kubeconfig happens to point.
if (values.context === undefined && values.registry === undefined) await buildFromFiles();
else if (values.context === undefined || values.registry === undefined) await fail(`Both are needed: ${inCluster}`, 2);
else await buildInCluster();

function readOptions() {
  try {
    return parseArgs({
      options: {
        context: { type: 'string' },
        registry: { type: 'string' },
        insecure: { type: 'boolean', default: false },
        'executor-image': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message}\nWhat there is: ${inCluster}`);
    return process.exit(2);
  }
}

async function buildFromFiles() {
  const reference = await step(
    "A fresh installation has a stack 'default', whose image builder 'direct' makes images from files alone:\nno Docker, no cluster. Without a registry in the stack it writes them to a folder.",
    ['build', './examples/hello', '-t', 'demo/hello:1'],
  );
  const [, folder = '', tag = ''] = /^oci:(.*?):(.*)@sha256:/.exec(reference) ?? [];
  const layout = await OciLayout.open(folder);
  const found = await resolveImage(layout, tag);
  console.log('\nIts layers:');
  for (const { digest, size } of found?.image.layers ?? []) console.log(`  ${digest}  ${size} B`);
  console.log(`\nThe image is an OCI layout in ${folder}; other tools read it, and you may delete it.`);
  console.log(`No cluster was named. In one, Kaniko builds Dockerfiles with RUN as well: ${inCluster}`);
}

async function buildInCluster() {
  const { context, registry, insecure, 'executor-image': executorImage } = values;
  await step('A container registry is where images go.', [
    ...['container-registry', 'register', 'reg', '--flavor=default', `--uri=${registry}`],
    ...(insecure ? ['--insecure=true'] : []),
  ]);
  await step('An image builder of the flavor kaniko builds in the cluster; this machine needs no Docker.', [
    ...['image-builder', 'register', 'kb', '--flavor=kaniko', `--kubernetes_context=${context}`],
    ...(executorImage === undefined ? [] : [`--executor_image=${executorImage}`]),
  ]);
  await step('A stack puts them together, and --set makes it the active one.', [
    ...['stack', 'register', 'prod', '-i', 'kb', '-c', 'reg', '--set'],
  ]);
  await step('Now every build goes there. The only line on standard output is the image, by its digest.', [
    ...['build', './examples/hello', '-t', 'demo/hello:1'],
  ]);
  await rm(configDirectory, { recursive: true, force: true });
  console.log('\nThat is all. What was registered here is thrown away; README.md says how to go on.');
}

/** Says why, shows the command, and runs it. Returns its standard output; ends the quickstart where it fails. */
async function step(why, words) {
  console.log(`\n${why}\n${styleText('bold', `$ slipway ${words.join(' ')}`)}`);
  const child = spawn(process.execPath, [join(root, 'packages/cli/bin/slipway.js'), ...words], {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
    env: { ...process.env, SLIPWAY_CONFIG_DIR: configDirectory },
  });
  // Ctrl-C reaches the command as well; it cleans up, and then we do.
  process.on('SIGINT', () => undefined);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  process.stdout.write(output);
  if (code !== 0) {
    await fail('What the quickstart made is thrown away; it can be started again, with other options too.', code ?? 1);
  }
  return output.trim();
}

async function fail(message, code) {
  console.error(message);
  await rm(configDirectory, { recursive: true, force: true });
  process.exit(code);
}

import type { BuildEvent, BuildRequest } from '@slipway/core';
import { cancellation } from '../cancellation.js';
import { stackOption } from '../command/common-options.js';
import { defineCommand } from '../command/command.js';
import { buildSecrets } from '../command/build-secrets.js';
import { buildArguments, namedValues, overrides } from '../command/named-values.js';
import { errorReport } from '../output/error-report.js';
import { shownProgress } from './build/shown-progress.js';
import { progressModes } from '../output/progress/progress-mode.js';
import { contextFolder, dockerfilePath } from './build/context-paths.js';
import { planText } from './build/plan-text.js';
import { resultFiles } from './build/result-files.js';

export const build = defineCommand({
  path: ['build'],
  summary: 'Build a container image with the stack, and push it to its registry.',
  arguments: { context: { summary: 'The folder to build; by default this one.', complete: 'folders' } },
  options: {
    tag: {
      type: 'texts',
      letter: 't',
      placeholder: 'TAG',
      summary: "What to call the image, relative to the stack's registry: demo/hello:1. May be repeated.",
    },
    file: {
      type: 'text',
      letter: 'f',
      placeholder: 'FILE',
      summary: 'The Dockerfile; by default Dockerfile in the folder.',
      complete: 'files',
    },
    'build-arg': {
      type: 'texts',
      placeholder: 'NAME=VALUE',
      summary: 'A value for an ARG; NAME alone takes it from the environment. May be repeated.',
    },
    label: { type: 'texts', placeholder: 'NAME=VALUE', summary: 'A label of the image. May be repeated.' },
    annotation: {
      type: 'texts',
      placeholder: 'NAME=VALUE',
      summary: 'An annotation of the image. May be repeated.',
    },
    secret: {
      type: 'texts',
      placeholder: 'id=ID,src=FILE',
      summary: 'For RUN --mount=type=secret; or id=ID,env=NAME. May be repeated.',
    },
    cache: {
      type: 'flag',
      negatable: true,
      summary: 'Whether to use and keep layers of builds.',
    },
    target: { type: 'text', placeholder: 'STAGE', summary: 'The stage to build; by default the last.' },
    platform: {
      type: 'texts',
      placeholder: 'OS/ARCH',
      summary: 'What the image is for, such as linux/arm64. May be repeated, or a list with commas.',
    },
    ...stackOption,
    with: {
      type: 'texts',
      placeholder: 'PATH=VALUE',
      summary: 'An attribute for this build alone: resources.limits.memory=8Gi. May be repeated.',
    },
    progress: {
      type: 'text',
      placeholder: 'MODE',
      choices: progressModes,
      summary: 'How to show the build: auto (default), tty, plain, quiet or rawjson.',
    },
    iidfile: { type: 'text', placeholder: 'FILE', summary: "Write the image's digest to a file." },
    'metadata-file': { type: 'text', placeholder: 'FILE', summary: 'Write what was built to a file, as JSON.' },
    detach: {
      type: 'flag',
      letter: 'd',
      summary: 'Leave the build to the cluster, print its id.',
    },
    'build-id': {
      type: 'text',
      placeholder: 'ID',
      summary: 'Its id; a build that runs under it is followed.',
    },
    'dry-run': { type: 'flag', summary: 'Print what would be created and sent; do nothing.' },
    output: {
      type: 'text',
      letter: 'o',
      placeholder: 'FORMAT',
      choices: ['yaml', 'json'],
      summary: 'How --dry-run prints: yaml (default) or json.',
    },
  },
  examples: [
    'slipway build -t demo/hello:1',
    'slipway build ./app -f docker/Dockerfile -t demo/app:1 --stack=prod',
    'slipway build -t demo/model:1 --cache --secret id=token,env=HF_TOKEN --with resources.limits.memory=8Gi',
  ],
  async handler(input, context) {
    const { options } = input;
    const { stack, 'dry-run': dryRun } = options;
    const contextDirectory = contextFolder(input.arguments.context ?? '.');
    const request: BuildRequest = {
      contextDirectory,
      dockerfile: options.file === undefined ? undefined : dockerfilePath(contextDirectory, options.file),
      tags: options.tag,
      buildArgs: buildArguments(options['build-arg'], process.env),
      labels: namedValues('label', options.label),
      annotations: namedValues('annotation', options.annotation),
      secrets: await buildSecrets(options.secret, process.env),
      cache: options.cache,
      target: options.target,
      platforms: options.platform.flatMap((list) => list.split(',')),
      buildId: options['build-id'],
    };
    const { output } = context;
    const builderOptions = { overrides: await overrides(options.with) };
    const slipway = await context.slipway();
    if (dryRun) {
      const plan = await slipway.builds.plan(request, { stack, ...builderOptions });
      if (output.format === 'json') output.json(plan);
      else output.data(await planText(plan));
      return 0;
    }
    const files = await resultFiles({ iidfile: options.iidfile, metadataFile: options['metadata-file'] });
    const progress = await shownProgress(options.progress, context);
    const cancel = cancellation(() => progress.note('Cancelling, cleaning up… (again to leave at once)'));
    const onEvent = (event: BuildEvent): void => progress.show(event);
    const control = { ...builderOptions, stack, signal: cancel.signal, onEvent };
    try {
      if (options.detach) {
        const { buildId } = await slipway.builds.start(request, control);
        progress.end();
        output.data(buildId);
        output.note(`The build goes on in the cluster. Its result: slipway builds attach ${buildId}`);
        return 0;
      }
      const result = await slipway.build(request, control);
      progress.end();
      await files.write(result);
      for (const { reference } of result.images) output.data(reference);
      return 0;
    } catch (error) {
      progress.end();
      if (cancel.exitCode === undefined) throw error;
      output.error(errorReport(error));
      return cancel.exitCode;
    } finally {
      cancel.stop();
    }
  },
});

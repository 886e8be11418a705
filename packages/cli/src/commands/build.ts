import { resolve } from 'node:path';
import type { BuildRequest } from '@slipway/core';
import { cancellation } from '../cancellation.js';
import { defineCommand } from '../command/command.js';
import { BuildRenderer } from '../output/build-renderer.js';
import { errorReport } from '../output/error-report.js';

export const build = defineCommand({
  path: ['build'],
  summary: 'Build a container image with the stack, and push it to its registry.',
  arguments: { context: { summary: 'The folder to build; by default this one.' } },
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
      summary: 'The Dockerfile, relative to the folder; by default Dockerfile.',
    },
    stack: { type: 'text', placeholder: 'STACK', summary: 'The stack to use; by default the active one.' },
    'dry-run': { type: 'flag', summary: 'Print as JSON what would be done, and do nothing.' },
  },
  examples: ['slipway build -t demo/hello:1', 'slipway build ./app -f docker/Dockerfile -t demo/app:1 --stack=prod'],
  async handler(input, context) {
    const { tag, file, stack, 'dry-run': dryRun } = input.options;
    const contextDirectory = resolve(input.arguments.context ?? '.');
    const request: BuildRequest = { contextDirectory, dockerfile: file, tags: tag };
    const slipway = await context.slipway();
    if (dryRun) {
      const builder = await slipway.imageBuilder(stack);
      context.output.json(await builder.plan(request));
      return 0;
    }
    const { output } = context;
    const cancel = cancellation(() => output.note('Cancelling, cleaning up… (again to leave at once)'));
    const renderer = new BuildRenderer(process.stderr);
    try {
      const result = await slipway.build(request, {
        stack,
        signal: cancel.signal,
        onEvent: (event) => renderer.render(event),
      });
      renderer.end();
      for (const { reference } of result.images) output.data(reference);
      return 0;
    } catch (error) {
      renderer.end();
      if (cancel.exitCode === undefined) throw error;
      output.error(errorReport(error));
      return cancel.exitCode;
    } finally {
      cancel.stop();
    }
  },
});

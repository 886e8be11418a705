import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const module = (flavor: string) => `
import { ComponentConfiguration, ComponentInfo, defineFlavor, Logger, SlipwayError } from '@slipway/core';
import { ContainerModule, inject } from 'inversify';
import { z } from 'zod';

class Greeter {
  constructor(configuration) {
    this.configuration = configuration;
  }
  greet() {
    return 'hello ' + this.configuration.who;
  }
}
inject(ComponentConfiguration)(Greeter, undefined, 0);

class AcmeImageBuilder {
  constructor(info, logger, greeter) {
    Object.assign(this, { info, logger, greeter });
  }
  plan() {
    return Promise.resolve({ buildId: 'b', tags: [], resources: [] });
  }
  build(request) {
    this.logger.info(this.greeter.greet());
    if (request.target === 'broken') {
      throw new SlipwayError({ code: 'ACME_FAILED', message: 'The acme builder has failed.', fix: 'Ask acme.' });
    }
    const digest = 'sha256:' + '0'.repeat(64);
    const images = request.tags.map((tag) => ({ tag, reference: tag + '@' + digest }));
    return Promise.resolve({ buildId: 'b', digest, images, timings: [] });
  }
}
inject(ComponentInfo)(AcmeImageBuilder, undefined, 0);
inject(Logger)(AcmeImageBuilder, undefined, 1);
inject(Greeter)(AcmeImageBuilder, undefined, 2);

const flavor = defineFlavor({
  type: 'image_builder',
  name: '${flavor}',
  description: 'Builds nothing, and says hello.',
  configSchema: z.strictObject({
    who: z.string().meta({ description: 'Whom to greet.', example: 'world' }),
    token: z.string().optional().meta({ description: 'A token.', secret: true }),
    logins: z
      .array(z.strictObject({ user: z.string(), password: z.string().meta({ secret: true }) }))
      .optional()
      .meta({ description: 'Who may.' }),
  }),
  implementation: () => Promise.resolve(AcmeImageBuilder),
});

export default {
  apiVersion: 1,
  name: 'acme-plugin',
  version: '1.2.3',
  flavors: [flavor],
  bindings: () => Promise.resolve(new ContainerModule(({ bind }) => void bind(Greeter).toSelf())),
};
`;

/** Writes a plugin as somebody else would: a package with dependencies of its own, and no manifest of its flavors. */
export async function writeAcmePlugin(folder: string, flavor = 'acme'): Promise<void> {
  await mkdir(folder, { recursive: true });
  const slipway = { apiVersion: 1, plugin: './plugin.js' };
  const content = { name: 'acme-plugin', version: '1.2.3', type: 'module', slipway };
  await writeFile(join(folder, 'package.json'), JSON.stringify(content));
  await writeFile(join(folder, 'plugin.js'), module(flavor));
}

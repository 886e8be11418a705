import { imageBuilderChecks } from '@slipway/testing/conformance';
import plugin from '../src/index.js';
import { useBench } from './support/bench.js';
import { testPlugin } from './support/test-plugin.js';

describe('The kaniko builder, as any other,', () => {
  const used = useBench();
  const registry = { uri: '', username: 'builder', password: 's3cret-password' };
  const request = { contextDirectory: '', tags: ['demo/hello:1', 'demo/hello:latest'] };

  beforeEach(() => {
    registry.uri = used.bench.registry.host;
    request.contextDirectory = used.bench.context;
  });

  const checks = imageBuilderChecks({
    plugin,
    plugins: [testPlugin],
    flavor: 'kaniko',
    configuration: { kubernetes_context: 'dev' },
    stack: { container_registry: { flavor: 'test', configuration: registry } },
    request,
    failing: () => {
      used.bench.script({ exit: { exitCode: 2 } });
      return request;
    },
    leftovers: () => Promise.resolve(used.bench.left),
    secrets: [registry.password],
  });
  for (const { name, run } of checks) it(name, run);
});

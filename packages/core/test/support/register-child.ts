// Registers components: CONFIG_DIRECTORY PREFIX COUNT
import { createSlipway } from '../../src/index.js';

const [configDirectory = '', prefix = '', count = ''] = process.argv.slice(2);
const slipway = await createSlipway({ configDirectory });
for (let index = 0; index < Number(count); index += 1) {
  const configuration = { uri: `registry.test/${prefix}${index}` };
  await slipway.components.register({
    type: 'container_registry',
    flavor: 'default',
    name: `${prefix}${index}`,
    configuration,
  });
}
process.disconnect();

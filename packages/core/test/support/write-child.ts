// Adds a component to the store of CONFIG_DIRECTORY, over and over, named PREFIX and a number, and says each that it wrote.
import { Store } from '../../src/store/store.js';

const [directory = '', prefix = ''] = process.argv.slice(2);
process.on('message', () => {});
const store = new Store(directory);
for (let index = 0; ; index += 1) {
  const name = `${prefix}${index}`;
  await store.update(({ components }) => {
    const at = new Date().toISOString();
    const stamps = { created_at: at, updated_at: at };
    components.push({ type: 'artifact_store', flavor: 'local', name, configuration: {}, labels: {}, ...stamps });
  });
  process.send?.(name);
}

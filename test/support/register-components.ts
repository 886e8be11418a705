import { main } from '@slipway/cli';

// Registers so many components under names of its own, one command line after the other.
const [prefix = '', count = '0'] = process.argv.slice(2);
for (let number = 1; number <= Number(count); number += 1) {
  process.exitCode ||= await main(['artifact-store', 'register', `${prefix}-${number}`, '--flavor=local']);
}

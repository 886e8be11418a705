#!/usr/bin/env node
// Plain enough for an old Node to read, so that it can say that it is too old.
import { existsSync } from 'fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const program = new URL('../dist/bundle/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`slipway needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exitCode = 1;
} else if (!existsSync(program)) {
  console.error('slipway is not built yet; run: npm run build');
  process.exitCode = 1;
} else {
  // Bundled code is for machines to read: where somebody looks closer, traces name the lines of the source.
  if (process.env.SLIPWAY_DEBUG === '1') process.setSourceMapsEnabled(true);
  import(program.href)
    .then(({ main }) => main(process.argv.slice(2)))
    .then((exitCode) => {
      // Connections that a plugin left open must not keep the process alive once everything is written.
      process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
    })
    .catch((error) => {
      console.error(`slipway could not start: ${error.message}`);
      process.exitCode = 1;
    });
}

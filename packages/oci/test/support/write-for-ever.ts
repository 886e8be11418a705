import { OciLayout, writeDockerArchive, type ContentSource } from '@slipway/oci';

import { writeSmallImage } from './small-image.js';

// Run as a process of its own, to be killed: node write-for-ever.js <layout> [<archive>]. It says when it is in the middle of a file.
const [directory = '', archive] = process.argv.slice(2);

async function* endless(): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.alloc(100_000, 'x'));
  yield Buffer.alloc(100_000, 'x');
  process.stdout.write('writing');
  // Keeps the process alive, which an unsettled promise alone does not.
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}

const layout = await OciLayout.create(directory);
if (archive === undefined) await layout.streamBlob('application/octet-stream', endless());
else {
  await writeSmallImage(layout, ['1']);
  const source: ContentSource = { manifest: (...request) => layout.manifest(...request), blob: () => endless() };
  await writeDockerArchive(archive, { source, reference: '1', names: [] });
}

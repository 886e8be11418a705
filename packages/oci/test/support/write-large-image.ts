import { SlipwayError } from '@slipway/core';
import { OciLayout, writeDockerArchive } from '@slipway/oci';

import { writeSmallImage } from './small-image.js';

// Run as a process of its own, with less room than it needs: node write-large-image.js <layout> [<archive>]. It prints the error.
const [directory = '', archive] = process.argv.slice(2);
try {
  const layout = await OciLayout.create(directory);
  if (archive === undefined)
    await writeSmallImage(layout, ['large'], [Array.from({ length: 4e5 }, Math.random).join()]);
  else await writeDockerArchive(archive, { source: layout, reference: 'large', names: [] });
} catch (error) {
  if (!SlipwayError.is(error)) throw error;
  const { code, message, reason, fix } = error;
  process.stdout.write(JSON.stringify({ code, message, reason, fix }));
}

import { OciLayout } from '@slipway/oci';

import { writeSmallImage } from './small-image.js';

// Run as a process of its own: node write-tagged-images.js <layout> <tag>…
const [directory = '', ...tags] = process.argv.slice(2);
const layout = await OciLayout.create(directory);
for (const tag of tags) await writeSmallImage(layout, [tag], [tag]);

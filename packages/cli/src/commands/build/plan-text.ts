import type { BuildPlan } from '@slipway/core';
import { printable } from '../../output/printable.js';

/**
 * A plan as YAML documents that kubectl takes; what is no resource stands in comments before them: the images, and the files of the
 * context with their sizes in bytes.
 */
export async function planText({ buildId, tags, resources, contextFiles }: BuildPlan): Promise<string> {
  const { stringify } = await import('yaml');
  const files = contextFiles ?? [];
  const width = Math.max(0, ...files.map(({ size }) => String(size).length));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const comments = [
    `Build ${buildId}`,
    ...tags.map((tag) => `Image ${tag}`),
    ...(contextFiles === undefined ? [] : [`Context: ${files.length} files, ${total} bytes`]),
    ...files.map(({ path, size }) => `  ${String(size).padStart(width)}  ${path}`),
  ];
  const head = comments.map((line) => `# ${printable(line).replaceAll('\n', '\\n')}`).join('\n');
  const documents = resources.map((resource) =>
    stringify(resource, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd(),
  );
  return [head, ...documents].join('\n---\n');
}

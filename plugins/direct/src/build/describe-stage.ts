import { formatPlatform } from '@slipway/oci';
import type { FileNode } from '../files/index.js';
import type { BuiltStage } from './built-stage.js';

/** What a stage would become, as data for people and tools: each layer with its instruction and its files. */
export function describeStage(
  { platform, base, steps, config }: BuiltStage,
  annotations: Readonly<Record<string, string>>,
): object {
  return {
    platform: formatPlatform(platform),
    base: base?.reference.toString() ?? 'scratch',
    layers: steps.flatMap(({ line, createdBy, layer }) => {
      if (layer === undefined) return [];
      const files = layer.entries.map(describeFile);
      const bytes = layer.entries.reduce((sum, { size }) => sum + size, 0);
      return [{ line, instruction: createdBy, bytes, files }];
    }),
    config,
    annotations,
  };
}

function describeFile({ path, kind, mode, uid, gid, size, target }: FileNode): object {
  const owned = { path: `/${path}`, kind, mode: mode.toString(8).padStart(4, '0'), owner: `${uid}:${gid}` };
  return { ...owned, ...(kind === 'file' ? { size } : {}), ...(target === undefined ? {} : { target }) };
}

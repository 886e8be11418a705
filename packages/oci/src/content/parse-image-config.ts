import type { ContainerConfig, ImageConfig } from './image.js';
import { isRecord, parseJson } from './parse-manifest.js';

const texts = ['User', 'WorkingDir', 'StopSignal'] as const satisfies (keyof ContainerConfig)[];
const lists = ['Env', 'Entrypoint', 'Cmd', 'Shell', 'OnBuild'] as const satisfies (keyof ContainerConfig)[];
const maps = ['ExposedPorts', 'Volumes', 'Labels'] as const satisfies (keyof ContainerConfig)[];

/**
 * The configuration of an image, of which what others go on with is what it should be; builders write null for what is empty. Undefined for
 * bytes that are no such configuration.
 */
export function parseImageConfig(bytes: Buffer): ImageConfig | undefined {
  const value = parseJson(bytes);
  if (!isRecord(value) || !isText(value['architecture']) || !isContainerConfig(value['config'])) return undefined;
  const { rootfs } = value;
  return isRecord(rootfs) && isList(rootfs['diff_ids']) ? (value as unknown as ImageConfig) : undefined;
}

function isContainerConfig(config: unknown): boolean {
  if (config === undefined || config === null) return true;
  if (!isRecord(config)) return false;
  const isNothing = (value: unknown): boolean => value === undefined || value === null;
  return (
    texts.every((name) => isNothing(config[name]) || isText(config[name])) &&
    lists.every((name) => isNothing(config[name]) || isList(config[name])) &&
    maps.every((name) => isNothing(config[name]) || isRecord(config[name]))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

import type { ContainerConfig, ImageConfig } from '@slipway/oci';

const texts = ['User', 'WorkingDir', 'StopSignal'] as const satisfies (keyof ContainerConfig)[];
const lists = ['Env', 'Entrypoint', 'Cmd', 'Shell', 'OnBuild'] as const satisfies (keyof ContainerConfig)[];
const maps = ['ExposedPorts', 'Volumes', 'Labels'] as const satisfies (keyof ContainerConfig)[];

/**
 * The configuration that a registry gives for an image, of which what a build goes on with is what it should be; builders write null for
 * what is empty.
 * @returns undefined for what is no configuration of an image
 */
export function parseImageConfig(bytes: Buffer): ImageConfig | undefined {
  let image: Partial<ImageConfig> | null;
  try {
    image = JSON.parse(bytes.toString('utf8')) as Partial<ImageConfig> | null;
  } catch {
    return undefined;
  }
  const isImage = isList(image?.rootfs?.diff_ids) && isText(image?.architecture) && isContainerConfig(image?.config);
  return isImage ? (image as ImageConfig) : undefined;
}

function isContainerConfig(config: unknown): boolean {
  if (config === undefined || config === null) return true;
  if (!isMap(config)) return false;
  const isNothing = (value: unknown): boolean => value === undefined || value === null;
  return (
    texts.every((name) => isNothing(config[name]) || isText(config[name])) &&
    lists.every((name) => isNothing(config[name]) || isList(config[name])) &&
    maps.every((name) => isNothing(config[name]) || isMap(config[name]))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

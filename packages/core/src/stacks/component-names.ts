import { type ComponentOf, type ComponentType, componentType, componentTypeIds } from '../contracts/component-types.js';
import type { Stack } from '../contracts/stack.js';
import { SlipwayError } from '../errors/slipway-error.js';

/** What tells a person of something that is wrong, be it an error, a check or an event. */
interface Described {
  readonly message: string;
  readonly reason?: string | undefined;
  readonly fix?: string | undefined;
}

const commands = componentTypeIds.map((type) => componentType(type).command).join('|');
// What is registered is a new one, whose name the person chooses.
const places = new RegExp(`\\bslipway (${commands}|stack) (?!register )([a-z-]+) (?:NAME|REGISTRY|STACK)\\b`, 'g');

/**
 * What was described, with a `fix` that can be run as it stands: whoever finds something wrong knows which command mends it, but not
 * always what the components of the stack are called, and writes `slipway container-registry update NAME --insecure=true`.
 */
export function withNames<T extends Described>(stack: Stack, described: T): T {
  const { fix } = described;
  return fix === undefined ? described : { ...described, fix: filledIn(stack, fix, described) };
}

/** The same of an error, which stays of its class; what is none for people is given back as it is. */
export function errorWithNames(stack: Stack, error: unknown): unknown {
  if (!SlipwayError.is(error) || error.fix === undefined) return error;
  const fix = { value: filledIn(stack, error.fix, error), enumerable: true };
  // Begun as an error, so that Node and test libraries see one.
  const copy = Object.setPrototypeOf(new Error(), Object.getPrototypeOf(error) as object) as SlipwayError;
  return Object.defineProperties(copy, { ...Object.getOwnPropertyDescriptors(error), fix });
}

function filledIn(stack: Stack, fix: string, about: Described): string {
  return fix.replaceAll(places, (line, noun: string, verb: string) => {
    const name = noun === 'stack' ? stack.name : nameOf(stack, noun, about);
    return name === undefined || name === '' ? line : `slipway ${noun} ${verb} ${name}`;
  });
}

function nameOf(stack: Stack, command: string, about: Described): string | undefined {
  const type = componentTypeIds.find((candidate) => componentType(candidate).command === command);
  if (type === undefined || (type === 'container_registry' && !isAboutRegistry(stack, about))) return undefined;
  return found(stack, type)?.info.name;
}

/** Base images come from other registries as well, of which the stack's is not to be changed. */
function isAboutRegistry(stack: Stack, { message, reason = '' }: Described): boolean {
  const [host = ''] = found(stack, 'container_registry')?.uri.split('/') ?? [];
  return [host, 'container registry'].some((words) => words !== '' && `${message} ${reason}`.includes(words));
}

/** The component; undefined also where it cannot be made, which is told elsewhere. */
function found<T extends ComponentType>(stack: Stack, type: T): ComponentOf<T> | undefined {
  try {
    return stack.get(type);
  } catch {
    return undefined;
  }
}

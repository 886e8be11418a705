import type { ContainerConfig } from '@slipway/oci';
import { applyInstruction, startingConfig } from './apply-instruction.js';
import { givenArguments } from './build-arguments.js';
import { createdBy } from './created-by.js';
import type { ArgInstruction, EscapeCharacter, Instruction } from './dockerfile.js';
import { expandAt } from './expand-at.js';
import { expandInstruction } from './expand-instruction.js';
import type { Lookup } from './expand-word.js';

export interface StageEvaluatorOptions {
  readonly escape: EscapeCharacter;
  readonly buildArguments: Readonly<Record<string, string>>;
  /** What `globalArguments` gives: a bare ARG takes its value over. */
  readonly globals: ReadonlyMap<string, string>;
  /** The configuration of the base image or stage; none for `scratch`. */
  readonly baseConfig?: ContainerConfig;
  /** The `arguments` of the stage that this one is based on: they are inherited. */
  readonly baseArguments?: ReadonlyMap<string, string>;
  /** The author that the base has. */
  readonly baseAuthor?: string;
}

/** What one instruction came to. */
export interface EvaluatedInstruction {
  /** Expanded. */
  readonly instruction: Instruction;
  /** The configuration after it; COPY and ADD find their working directory and user here. */
  readonly config: ContainerConfig;
  /** For the image's history; undefined where the instruction leaves no entry. */
  readonly createdBy: string | undefined;
}

/** Walks through a stage, one instruction at a time, with the variables and the configuration as they are at that point. */
export class StageEvaluator {
  private current: ContainerConfig;
  private readonly values: Map<string, string>;
  /** What instructions see: of an ENV and an ARG of one name whichever came later. */
  private readonly variables: Map<string, string>;
  private commandSet = false;
  private by: string | undefined;

  constructor(private readonly options: StageEvaluatorOptions) {
    this.current = startingConfig(options.baseConfig);
    this.values = new Map(options.baseArguments);
    // Over an ARG that is inherited, the environment that is inherited goes.
    this.variables = new Map([...this.values, ...(this.current.Env ?? []).map(variableOf)]);
    this.by = options.baseAuthor;
  }

  /** The configuration up to here. */
  get config(): ContainerConfig {
    return this.current;
  }

  /** The values of the ARGs up to here. */
  get arguments(): ReadonlyMap<string, string> {
    return this.values;
  }

  /** The author that MAINTAINER names, or the base's. */
  get author(): string | undefined {
    return this.by;
  }

  /** Expands the instruction and lets it take effect. Throws `DOCKERFILE_SYNTAX`. */
  evaluate(written: Instruction): EvaluatedInstruction {
    const instruction =
      written.kind === 'ARG' ? this.declare(written) : expandInstruction(written, this.lookup, this.options.escape);
    this.current = applyInstruction(this.current, instruction, { commandSet: this.commandSet });
    if (instruction.kind === 'ENV') for (const { name, value } of instruction.pairs) this.variables.set(name, value);
    if (instruction.kind === 'CMD') this.commandSet = true;
    if (instruction.kind === 'MAINTAINER') this.by = instruction.maintainer;
    return { instruction, config: this.current, createdBy: createdBy(instruction, this.current) };
  }

  private readonly lookup: Lookup = (name) => this.variables.get(name);

  /** Each parameter of the line sees the ones before it. */
  private declare(written: ArgInstruction): ArgInstruction {
    const { globals, escape, buildArguments } = this.options;
    const given = givenArguments(buildArguments);
    const parameters = written.parameters.map(({ name, value: initial }) => {
      const byDefault = () =>
        initial === undefined ? globals.get(name) : expandAt(written.line, initial, this.lookup, escape);
      const value = given(name) ?? byDefault();
      if (value === undefined) return { name };
      this.values.set(name, value);
      this.variables.set(name, value);
      return { name, value };
    });
    return { ...written, parameters };
  }
}

function variableOf(entry: string): [name: string, value: string] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

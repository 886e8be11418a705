import type { HealthCheck } from '@slipway/oci';

/** The character that continues lines and escapes others: `\` unless the Dockerfile's `# escape=` names the backtick. */
export type EscapeCharacter = '\\' | '`';

/** A Dockerfile as data. Nothing is expanded: variables stand as they were written. */
export interface Dockerfile {
  readonly escape: EscapeCharacter;
  /** What `# syntax=` names. It is noted only: no frontend is ever loaded. */
  readonly syntax?: string;
  /** The ARGs before the first FROM, in order. */
  readonly globalArguments: readonly ArgInstruction[];
  /** At least one. */
  readonly stages: readonly Stage[];
  /** What is allowed but deserves a word, such as an empty line within a continued instruction. */
  readonly warnings: readonly DockerfileWarning[];
}

export interface DockerfileWarning {
  readonly line: number;
  readonly message: string;
}

export interface Stage {
  /** Lower-case: stage names ignore case. */
  readonly name?: string;
  /** The line of the FROM, from 1. */
  readonly line: number;
  /** As written, variables and all. */
  readonly base: string;
  /** As written in `--platform`. */
  readonly platform?: string;
  readonly instructions: readonly Instruction[];
}

/** One instruction. `line` is where it begins, from 1; texts may hold variables until `StageEvaluator` has expanded them. */
export type Instruction =
  | CopyInstruction
  | AddInstruction
  | EnvInstruction
  | LabelInstruction
  | ArgInstruction
  | WorkdirInstruction
  | UserInstruction
  | CmdInstruction
  | EntrypointInstruction
  | ExposeInstruction
  | VolumeInstruction
  | StopSignalInstruction
  | HealthCheckInstruction
  | ShellInstruction
  | OnBuildInstruction
  | MaintainerInstruction
  | RunInstruction;

/** A file that stands in the Dockerfile itself. */
export interface InlineFile {
  readonly name: string;
  /** With the tabs of `<<-` taken off already. */
  readonly content: string;
  /** False where the heredoc's name is quoted: the content is literal. */
  readonly expand: boolean;
}

interface FileInstruction {
  readonly line: number;
  /** Paths or patterns; for ADD perhaps addresses. */
  readonly sources: readonly string[];
  /** The heredocs among the sources; they are copied after the paths. */
  readonly inlineFiles: readonly InlineFile[];
  readonly destination: string;
  /** `user`, `user:group`, by name or number. */
  readonly chown?: string;
  /** Octal, or symbolic as in `u+x`. */
  readonly chmod?: string;
  readonly link: boolean;
  /** Patterns; never expanded, as in Docker. */
  readonly exclude: readonly string[];
}

export interface CopyInstruction extends FileInstruction {
  readonly kind: 'COPY';
  /** A stage's name or number, or an image. Docker expands no variables here. */
  readonly from?: string;
  /** Keep the folders above each source. */
  readonly parents: boolean;
}

export interface AddInstruction extends FileInstruction {
  readonly kind: 'ADD';
  readonly checksum?: string;
  readonly keepGitDirectory?: boolean;
  /** Undefined: archives of the context are unpacked, downloaded ones are not. */
  readonly unpack?: boolean;
}

/** A name and its value, in the order of the line. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

export interface EnvInstruction {
  readonly kind: 'ENV';
  readonly line: number;
  readonly pairs: readonly Pair[];
}

export interface LabelInstruction {
  readonly kind: 'LABEL';
  readonly line: number;
  readonly pairs: readonly Pair[];
}

export interface ArgInstruction {
  readonly kind: 'ARG';
  readonly line: number;
  /** Without a value: declared only. */
  readonly parameters: readonly { readonly name: string; readonly value?: string }[];
}

export interface WorkdirInstruction {
  readonly kind: 'WORKDIR';
  readonly line: number;
  readonly path: string;
}

export interface UserInstruction {
  readonly kind: 'USER';
  readonly line: number;
  readonly user: string;
}

/** A command as JSON (`exec`) or as one text for the shell. */
export interface Command {
  readonly form: 'exec' | 'shell';
  /** Of the shell form: exactly one text. */
  readonly words: readonly string[];
}

export interface CmdInstruction {
  readonly kind: 'CMD';
  readonly line: number;
  readonly command: Command;
}

export interface EntrypointInstruction {
  readonly kind: 'ENTRYPOINT';
  readonly line: number;
  readonly command: Command;
}

export interface ExposeInstruction {
  readonly kind: 'EXPOSE';
  readonly line: number;
  /** As written; once expanded one port each, as in `80/tcp`. */
  readonly ports: readonly string[];
}

export interface VolumeInstruction {
  readonly kind: 'VOLUME';
  readonly line: number;
  readonly paths: readonly string[];
}

export interface StopSignalInstruction {
  readonly kind: 'STOPSIGNAL';
  readonly line: number;
  readonly signal: string;
}

export interface HealthCheckInstruction {
  readonly kind: 'HEALTHCHECK';
  readonly line: number;
  readonly healthCheck: HealthCheck & { readonly Test: readonly string[] };
}

export interface ShellInstruction {
  readonly kind: 'SHELL';
  readonly line: number;
  readonly shell: readonly string[];
}

export interface OnBuildInstruction {
  readonly kind: 'ONBUILD';
  readonly line: number;
  /** The instruction to be run by images based on this one, as written. */
  readonly expression: string;
}

export interface MaintainerInstruction {
  readonly kind: 'MAINTAINER';
  readonly line: number;
  readonly maintainer: string;
}

/** Read so that it can be refused by name; nothing here runs it. */
export interface RunInstruction {
  readonly kind: 'RUN';
  readonly line: number;
  /** All that stands after RUN. */
  readonly command: string;
}

/** What a build reports while it runs. Every event is plain data. */
export type BuildEvent = (
  | BuildCreated
  | StageStarted
  | StageEnded
  | BuildStepStarted
  | BuildStepEnded
  | BuildProgress
  | BuildWaiting
  | BuildLogLine
  | BuildWarning
) & {
  /** `os/architecture[/variant]`, where a build for several platforms reports what happens to one of them. */
  readonly platform?: string | undefined;
};

/** The build is known where it runs, under its id; reported once, by builders whose builds run elsewhere. */
export interface BuildCreated {
  readonly type: 'build-created';
  readonly buildId: string;
  /** Full references with tags. */
  readonly tags: readonly string[];
  /** What the builder made for it, e.g. Kubernetes manifests; secrets' values are left out. */
  readonly resources: readonly object[];
  /** Of a build that another client began: when, who did, and whether it was left to itself. */
  readonly origin?: { readonly createdAt: string; readonly user: string; readonly detached: boolean } | undefined;
}

/** A stage is a span of a build that a person would name, e.g. `upload`. Stages do not overlap. */
export interface StageStarted {
  readonly type: 'stage-started';
  readonly stage: string;
  /** For people, e.g. `Sending the build context`. */
  readonly title: string;
}

export interface StageEnded {
  readonly type: 'stage-ended';
  readonly stage: string;
  readonly outcome: 'done' | 'failed';
  /** Of a stage that did not fail by itself: the build was cancelled, or goes on and is only not followed any more. */
  readonly interruption?: 'cancelled' | 'left' | undefined;
  /** Duration of the stage in milliseconds. */
  readonly milliseconds: number;
}

/** A step is a part of a stage that a person knows from the Dockerfile, e.g. one instruction. Lines logged until it ends are its own. */
export interface BuildStepStarted {
  readonly type: 'step-started';
  /** Counts from 1 within the build, for one platform. */
  readonly step: number;
  /** One line, e.g. `RUN make all`. */
  readonly title: string;
}

export interface BuildStepEnded {
  readonly type: 'step-ended';
  readonly step: number;
  readonly outcome: 'done' | 'failed';
  readonly milliseconds: number;
  /** Whether its result was taken from an earlier build. */
  readonly cached: boolean;
}

export interface BuildProgress {
  readonly type: 'progress';
  readonly stage: string;
  /** Bytes handled so far. */
  readonly bytes: number;
  /** Bytes in all, where that is known. */
  readonly totalBytes?: number;
}

/** The build waits for something that may yet happen, e.g. a node with room. Reported when the reason changes. */
export interface BuildWaiting {
  readonly type: 'waiting';
  readonly stage: string;
  /** One word of the system that waits, e.g. `Unschedulable`. */
  readonly reason: string;
  readonly message: string;
}

/** One line that the build printed, without its line end. */
export interface BuildLogLine {
  readonly type: 'log';
  readonly line: string;
}

/** Something a person should know, though the build goes on. */
export interface BuildWarning {
  readonly type: 'warning';
  readonly message: string;
  readonly reason?: string | undefined;
  readonly fix?: string | undefined;
}

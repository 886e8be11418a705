/** What a build reports while it runs. Every event is plain data. */
export type BuildEvent = StageStarted | StageEnded | BuildProgress | BuildWaiting | BuildLogLine | BuildWarning;

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
  /** Duration of the stage in milliseconds. */
  readonly milliseconds: number;
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

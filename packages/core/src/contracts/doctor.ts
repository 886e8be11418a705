/** One thing that was looked at, and how it is. */
export interface DoctorCheck {
  /** Stable, lower case with hyphens, e.g. `kubernetes-api`. */
  readonly id: string;
  readonly outcome: 'ok' | 'warning' | 'failure';
  /** What was found, one sentence without secrets, e.g. `The API server answers: v1.34.1.` */
  readonly message: string;
  readonly reason?: string | undefined;
  /** What to do now; a command where there is one. */
  readonly fix?: string | undefined;
  /** Of a warning or failure: the code of the error that would come of it, as docs/errors.md has it. */
  readonly code?: string | undefined;
}

export interface DoctorOptions {
  readonly signal?: AbortSignal | undefined;
  /** Also what can only be seen from inside the cluster, which takes a pod. */
  readonly fromCluster?: boolean | undefined;
}

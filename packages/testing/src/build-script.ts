import type { Gate } from './gate.js';

/** What may happen to a build at any point of it. `'stay'`: nothing more until the pod or its Job is deleted. */
export type ScriptStep =
  | 'stay'
  | { readonly gate: Gate }
  /** An event about the Job (a quota: `FailedCreate`) or the pod (`FailedScheduling`); a Warning unless told. */
  | { readonly event: ScriptedEvent }
  /** The pod is deleted by somebody else; its container is killed. */
  | { readonly deleted: 'pod' }
  /** The kubelet evicts the pod: phase Failed, reason Evicted, this message. */
  | { readonly evicted: string }
  /** The Job's `activeDeadlineSeconds` are over: its pod is removed and the Job fails with `DeadlineExceeded`. */
  | { readonly deadline: 'exceeded' };

export interface ScriptedEvent {
  readonly on: 'job' | 'pod';
  readonly reason: string;
  readonly message: string;
  readonly type?: 'Normal' | 'Warning';
}

/** Before the container runs, the pod may also be told to wait, and why. */
export type StartingStep =
  | ScriptStep
  /** The container's waiting state, e.g. `ErrImagePull`, `ImagePullBackOff`, `CreateContainerConfigError`. */
  | { readonly waiting: string; readonly message?: string }
  /** The scheduler finds no node: condition PodScheduled=False, reason Unschedulable, this message. */
  | { readonly unschedulable: string };

/** While it runs, the container may also write lines. */
export type RunningStep = ScriptStep | { readonly log: string; readonly stream?: 'stdout' | 'stderr' };

export interface ContainerExit {
  /** 0 unless given; 137 for `reason: 'OOMKilled'`. */
  readonly exitCode?: number;
  /** `Completed` for 0 and `Error` for the rest unless given; `OOMKilled` is the usual other one. */
  readonly reason?: string;
  /**
   * The termination message. Unless given: for exit code 0, what Kaniko writes for the container's
   * `--image-name-with-digest-file` where that names the container's `terminationMessagePath`; otherwise the end of the
   * log where the `terminationMessagePolicy` is `FallbackToLogsOnError`; otherwise none.
   */
  readonly message?: string;
}

/**
 * What happens to the builds that start from now on. Everything left out is what a good build does: scheduled at once,
 * runs, reads its whole standard input if the container has `stdin: true`, writes Kaniko's `Pushed` lines, ends with 0.
 */
export interface BuildScript {
  /** Between the Job's creation and its pod's. */
  readonly beforePod?: readonly ScriptStep[];
  /** Between the pod's creation and the start of its container. */
  readonly beforeContainer?: readonly StartingStep[];
  /** Between the start of the container and its first read of standard input. */
  readonly beforeInput?: readonly RunningStep[];
  /** How many bytes of standard input the container reads before it goes on; all of it unless given. */
  readonly readBytes?: number;
  /** After standard input was read. A cut link ends the container here, as Kaniko ends with an unexpected EOF. */
  readonly afterInput?: readonly RunningStep[];
  readonly exit?: ContainerExit;
  /** The digest that the built images get, `sha256:…`. */
  readonly digest?: string;
}

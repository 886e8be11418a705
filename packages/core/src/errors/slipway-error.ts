const brand = Symbol.for('@slipway/core/SlipwayError');

export interface SlipwayErrorOptions {
  /** Stable and upper case, e.g. `UNKNOWN_FLAVOR`; listed in docs/errors.md. */
  readonly code: string;
  /** What happened, one sentence, without secrets. */
  readonly message: string;
  /** Why it happened, where that is known. */
  readonly reason?: string | undefined;
  /** What to do now; a command where there is one. */
  readonly fix?: string | undefined;
  readonly cause?: unknown;
  /** Exit code of the process: 1 for a failure, 2 for a wrong call. */
  readonly exitCode?: number;
}

/** An error whose cause lies outside Slipway's own code. It is shown to people without a stack trace. */
export class SlipwayError extends Error {
  readonly code: string;
  readonly reason: string | undefined;
  readonly fix: string | undefined;
  readonly exitCode: number;

  constructor(options: SlipwayErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.reason = options.reason;
    this.fix = options.fix;
    this.exitCode = options.exitCode ?? 1;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True also for errors of another copy of this package, as a plugin may bring one. */
  static is(error: unknown): error is SlipwayError {
    return error instanceof Error && brand in error;
  }

  toJSON(): { code: string; message: string; reason?: string; fix?: string } {
    return {
      code: this.code,
      message: this.message,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.fix === undefined ? {} : { fix: this.fix }),
    };
  }
}

/** The call was wrong: unknown names, bad values, missing arguments. Nothing was changed. */
export class UsageError extends SlipwayError {
  constructor(options: Omit<SlipwayErrorOptions, 'exitCode'>) {
    super({ ...options, exitCode: 2 });
  }
}

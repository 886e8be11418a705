/** Something that went well but that a person should know: returned, never thrown. */
export interface Notice {
  /** Stable and upper case, e.g. `PLAIN_TEXT_SECRET`; listed in docs/errors.md. */
  readonly code: string;
  /** One sentence, without secrets. */
  readonly message: string;
  readonly reason?: string | undefined;
  /** What to do about it; a command where there is one. */
  readonly fix?: string | undefined;
}

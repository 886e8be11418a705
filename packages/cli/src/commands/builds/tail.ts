import { UsageError } from '@slipway/core';

export const tailOption = {
  tail: { type: 'text', placeholder: 'LINES', summary: 'Of what is there already, only the last lines.' },
} as const;

/** @throws UsageError `INVALID_OPTION` */
export function tailOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError({
    code: 'INVALID_OPTION',
    message: `The option '--tail' cannot be '${text}'.`,
    reason: 'It is a number of lines.',
  });
}

import { styleText } from 'node:util';

/** When text is coloured; `auto` is on a terminal. */
export const colourModes = ['auto', 'always', 'never'] as const;
export type ColourMode = (typeof colourModes)[number];

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Gives text a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Whether what is written to a stream is coloured. */
export function isColoured(stream: { readonly isTTY?: boolean | undefined }, mode: ColourMode): boolean {
  return mode === 'auto' ? stream.isTTY === true && process.env['TERM'] !== 'dumb' : mode === 'always';
}

export function painter(coloured: boolean): Paint {
  // Whether to colour is decided here, not by the stream that Node would look at.
  return coloured ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;
}

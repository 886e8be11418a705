import type { BuildCreated, BuildWaiting, BuildWarning, StageEnded } from '@slipway/core';
import { printable } from '../printable.js';
import { humanDuration, humanRate, humanSize } from '../quantities.js';

/** A warning as lines: what, why, what to do. */
export function warningLines({ message, reason, fix }: BuildWarning): readonly string[] {
  const lines = [`Warning: ${message}`, reason, fix === undefined ? undefined : `Fix: ${fix}`];
  return lines.filter((line) => line !== undefined).flatMap(safeLines);
}

/** The id under which the build can be found, should this client end before it. */
export function createdLine({ buildId }: BuildCreated): string {
  return `Build ${printable(buildId)}`;
}

export function waitingLines({ message, reason }: BuildWaiting): readonly string[] {
  return safeLines(`Waiting: ${message} (${reason})`);
}

/** What a build printed: executors pad their lines for a terminal of another width, and a carriage return ends a line. */
export function logLines(line: string): readonly string[] {
  return safeLines(line.trimEnd());
}

const interruptions = { cancelled: 'cancelled', left: 'not followed any more' } as const;

/** How a stage ended that did not end well: `failed`, `cancelled`. */
export function unhappyEnd({ interruption }: StageEnded): string {
  return interruption === undefined ? 'failed' : interruptions[interruption];
}

/** `Sending the build context: done in 0.5 s, 2.0 MB at 4.0 MB/s`, `Building the image: cancelled after 3.1 s` */
export function stageEnd(title: string, ended: StageEnded, bytes: number | undefined): string {
  const { outcome, interruption, milliseconds } = ended;
  const verb = outcome === 'done' ? 'done in' : `${unhappyEnd(ended)} ${interruption === undefined ? 'in' : 'after'}`;
  return `${title}: ${verb} ${humanDuration(milliseconds)}${transferred(bytes, milliseconds)}`;
}

/** `, 2.0 MB at 4.0 MB/s`; nothing where nothing was transferred. */
export function transferred(bytes: number | undefined, milliseconds: number): string {
  if (bytes === undefined) return '';
  const rate = bytes === 0 || milliseconds <= 0 ? '' : ` at ${humanRate(bytes, milliseconds)}`;
  return `, ${humanSize(bytes)}${rate}`;
}

function safeLines(text: string): readonly string[] {
  return printable(text).split('\n');
}

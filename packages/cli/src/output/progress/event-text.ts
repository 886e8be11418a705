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

/** `Sending the build context: done in 0.5 s, 2.0 MB at 4.0 MB/s` */
export function stageEnd(title: string, { outcome, milliseconds }: StageEnded, bytes: number | undefined): string {
  const verb = outcome === 'done' ? 'done' : 'failed';
  return `${title}: ${verb} in ${humanDuration(milliseconds)}${transferred(bytes, milliseconds)}`;
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

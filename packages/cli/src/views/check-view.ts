import { type ComponentCheck, componentType, type DoctorCheck } from '@slipway/core';
import type { Style } from '../output/colour.js';
import type { Column } from '../output/column.js';
import type { Output } from '../output/output.js';
import { printable } from '../output/printable.js';

/** A check as programs get it. */
export interface CheckView extends Omit<ComponentCheck, 'component'> {
  /** The check's own id. */
  readonly name: string;
  /** E.g. `image-builder kb`; `store` for the files of registrations. */
  readonly component: string;
}

export async function* checkViews(checks: AsyncIterable<ComponentCheck>): AsyncGenerator<CheckView> {
  for await (const { component, ...check } of checks) {
    yield { ...check, name: check.id, component: `${componentType(component.type).command} ${component.name}` };
  }
}

export function storeCheckViews(checks: readonly DoctorCheck[]): readonly CheckView[] {
  return checks.map((check) => ({ ...check, name: check.id, component: 'store' }));
}

export const checkColumns: readonly Column<CheckView>[] = [
  { name: 'outcome', value: ({ outcome }) => outcome },
  { name: 'component', value: ({ component }) => component },
  { name: 'name', value: ({ name }) => name },
  { name: 'message', value: ({ message }) => message },
  { name: 'reason', value: ({ reason }) => reason, hidden: true },
  { name: 'fix', value: ({ fix }) => fix, hidden: true },
  { name: 'code', value: ({ code }) => code, hidden: true },
];

const styles: Readonly<Record<CheckView['outcome'], Style>> = { ok: 'green', warning: 'yellow', failure: 'red' };
const width = 'failure'.length;

/** Its outcome and what was found; below that why, what to do, and the code of the error that would come of it. */
export function checkText({ outcome, message, reason, fix, code }: CheckView, output: Output): string {
  const more = [
    reason,
    fix === undefined ? undefined : `Fix: ${fix}`,
    code === undefined ? undefined : `Code: ${code}`,
  ];
  const below = outcome === 'ok' ? [] : more.filter((line) => line !== undefined);
  const indent = ' '.repeat(width + 2);
  const lines = printable([message, ...below].join('\n')).replaceAll('\n', `\n${indent}`);
  return `${output.paint(styles[outcome], outcome.padEnd(width))}  ${lines}`;
}

import { cancellation } from '../cancellation.js';
import { outputOptions } from '../command/command.js';
import type { Output } from '../output/output.js';
import { checkColumns, checkText, type CheckView } from '../views/check-view.js';

/** What every command that looks for what is wrong takes. */
export const doctorOptions = {
  'from-cluster': { type: 'flag', summary: 'Look also from inside the cluster, with a pod that is removed again.' },
  ...outputOptions(checkColumns),
} as const;

/**
 * Shows checks as they are made, a list as soon as all are there.
 * @returns the exit code: 1 where something fails
 */
export async function runDoctor(
  checks: (signal: AbortSignal) => Promise<AsyncIterable<CheckView> | Iterable<CheckView>>,
  output: Output,
  columns: string | undefined,
): Promise<number> {
  const cancel = cancellation(() => output.note('Stopping, cleaning up… (again to leave at once)'));
  const isShownAtOnce = output.format === 'table' && columns === undefined;
  const views: CheckView[] = [];
  try {
    let component = '';
    for await (const view of await checks(cancel.signal)) {
      views.push(view);
      if (!isShownAtOnce) continue;
      if (view.component !== component) output.data(output.paint('bold', `${view.component}:`));
      component = view.component;
      output.data(checkText(view, output));
    }
  } catch (error) {
    if (cancel.exitCode === undefined) throw error;
    return cancel.exitCode;
  } finally {
    cancel.stop();
  }
  if (!isShownAtOnce) await output.list(views, checkColumns, { chosen: columns, whenEmpty: 'Nothing to look at.' });
  const count = (outcome: CheckView['outcome']): number => views.filter((view) => view.outcome === outcome).length;
  const [warnings, failures] = [count('warning'), count('failure')];
  if (isShownAtOnce) output.note(summary(warnings, failures));
  return failures > 0 ? 1 : 0;
}

function summary(warnings: number, failures: number): string {
  if (warnings + failures === 0) return 'All is well.';
  const told = [several(failures, 'failure'), several(warnings, 'warning')].filter((text) => text !== '');
  return `${told.join(', ')}.`;
}

function several(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}

import assert from 'node:assert/strict';
import type { BuildEvent, BuildRequest } from '@slipway/core';
import { assertSilentAbout, type ConformanceCheck, failureOf, shown } from './check.js';
import type { ConformanceSubject } from './conformance-subject.js';
import { flavorChecks, secretsOf } from './flavor-checks.js';
import { Workshop } from './workshop.js';

export interface ImageBuilderSubject extends ConformanceSubject {
  /** A build that works, with at least one tag. */
  readonly request: BuildRequest;
  /** Makes ready for builds that fail, where the request alone does not do it, and says what to build. */
  readonly failing: () => BuildRequest | Promise<BuildRequest>;
  /** What builds have left behind, beside images; e.g. objects in a cluster. */
  readonly leftovers: () => Promise<readonly string[]>;
  /** What must not be shown, beside the attributes that are secrets; e.g. a password of the registry. */
  readonly secrets?: readonly string[];
}

/** What an image builder has to do: plan, build, report, be cancelled, fail, and clean up. */
export function imageBuilderChecks(subject: ImageBuilderSubject): readonly ConformanceCheck[] {
  const check = (name: string, use: (workshop: Workshop) => Promise<void>): ConformanceCheck => ({
    name,
    run: () =>
      Workshop.with('image_builder', subject, async (workshop) => {
        await workshop.assemble();
        await use(workshop);
        assert.deepEqual(await subject.leftovers(), [], 'Something is left behind.');
      }),
  });
  const { request } = subject;
  return [
    ...flavorChecks('image_builder', subject),
    check('plans a build as data, and does nothing', async (workshop) => {
      const plan = await (await workshop.slipway.imageBuilder()).plan(request);
      assertPlainData(plan);
      assert.equal(plan.tags.length, request.tags.length);
      assert.ok(plan.buildId.length > 0);
      assertSilentAbout(await allSecrets(workshop), plan, 'the plan');
    }),
    check('builds, and says what it has built by digest', async (workshop) => {
      const { digest, images, buildId, timings } = await workshop.slipway.build(request);
      assert.match(digest, /^sha256:[0-9a-f]{64}$/);
      assert.ok(buildId.length > 0);
      assert.equal(images.length, request.tags.length);
      for (const { tag, reference } of images) {
        assert.equal(reference, `${tag}@${digest}`);
        assert.ok(timings.every(({ milliseconds }) => milliseconds >= 0));
      }
    }),
    check('tells every stage from its beginning to its end, one after the other, as plain data', async (workshop) => {
      const events: BuildEvent[] = [];
      const { timings } = await workshop.slipway.build(request, { onEvent: (event) => events.push(event) });
      const stages = assertStages(events);
      assert.ok(stages.length > 0, 'No stage was told.');
      assert.deepEqual(
        timings.map(({ stage }) => stage),
        stages,
      );
      assert.ok(events.every((event) => event.type !== 'stage-ended' || event.outcome === 'done'));
      assertSilentAbout(await allSecrets(workshop), [events, workshop.said], 'events or the log');
    }),
    check('does not begin where it was cancelled before', async (workshop) => {
      const signal = AbortSignal.abort();
      await failureOf(() => workshop.slipway.build(request, { signal }), 'BUILD_CANCELLED');
    }),
    check('ends and cleans up where it is cancelled, in whatever stage', async (workshop) => {
      const told: BuildEvent[] = [];
      await workshop.slipway.build(request, { onEvent: (event) => told.push(event) });
      // The last stage may be one that is not begun without being ended, such as cleaning up.
      for (const stage of assertStages(told).slice(0, -1)) {
        const cancel = new AbortController();
        const events: BuildEvent[] = [];
        const onEvent = (event: BuildEvent): void => {
          events.push(event);
          if (event.type === 'stage-started' && event.stage === stage) cancel.abort();
        };
        await failureOf(() => workshop.slipway.build(request, { signal: cancel.signal, onEvent }), 'BUILD_CANCELLED');
        assertStages(events);
        assert.deepEqual(await subject.leftovers(), [], `Cancelled in the stage '${stage}', something is left behind.`);
      }
    }),
    check('says what failed, ends its stages, and cleans up', async (workshop) => {
      const events: BuildEvent[] = [];
      const failing = await subject.failing();
      const error = await failureOf(() => workshop.slipway.build(failing, { onEvent: (event) => events.push(event) }));
      assert.match(error.code, /^[A-Z][A-Z0-9_]*$/);
      assertStages(events);
      assertSilentAbout(await allSecrets(workshop), shown(error), 'the error');
      assertSilentAbout(await allSecrets(workshop), [events, workshop.said], 'events or the log');
    }),
  ];

  async function allSecrets(workshop: Workshop): Promise<readonly string[]> {
    return [...(await secretsOf(workshop, subject)), ...(subject.secrets ?? [])];
  }
}

/** That each stage that was begun has ended before the next. @returns the stages in their order */
function assertStages(events: readonly BuildEvent[]): readonly string[] {
  const stages: string[] = [];
  let open: string | undefined;
  for (const event of events) {
    assertPlainData(event);
    if (event.type === 'stage-started') {
      assert.equal(open, undefined, `The stage '${event.stage}' begins before '${open}' has ended.`);
      assert.ok(event.title.length > 0, `The stage '${event.stage}' has no title.`);
      open = event.stage;
      stages.push(event.stage);
    } else if (event.type === 'stage-ended') {
      assert.equal(event.stage, open, `The stage '${event.stage}' ends and was not begun.`);
      open = undefined;
    }
  }
  assert.equal(open, undefined, `The stage '${open}' never ends.`);
  return stages;
}

function assertPlainData(value: object): void {
  assert.deepEqual(structuredClone(value), value, 'It is not plain data.');
}

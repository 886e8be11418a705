import type { BuildDetails, BuildRecord } from '@slipway/core';
import type { Column } from '../output/column.js';
import type { Section } from '../output/output.js';
import { humanDuration } from '../output/quantities.js';

/** A build as commands list it. Fields may be added; those that are here keep their meaning. */
export interface BuildView {
  /** The build's id. */
  readonly name: string;
  readonly state: string;
  readonly detached: boolean;
  readonly image_builder: string;
  readonly user: string;
  readonly tags: readonly string[];
  readonly created_at: string;
  readonly ended_at?: string | undefined;
  readonly digest?: string | undefined;
}

/** A build as it is shown by itself. */
export interface BuildDetailsView extends BuildView, Omit<BuildDetails, keyof BuildRecord> {}

export function buildView(build: BuildRecord): BuildView {
  const { buildId, state, detached, imageBuilder, user, tags, createdAt, endedAt, digest } = build;
  const times = { created_at: createdAt, ended_at: endedAt };
  return { name: buildId, state, detached, image_builder: imageBuilder, user, tags, ...times, digest };
}

export function buildDetailsView(build: BuildDetails): BuildDetailsView {
  const { images, timings, cache, failure, waiting, resources } = build;
  return { ...buildView(build), images, timings, cache, failure, waiting, resources };
}

export const buildColumns: readonly Column<BuildView>[] = [
  { name: 'name', title: 'BUILD', value: ({ name }) => name },
  { name: 'state', value: ({ state }) => state },
  { name: 'image_builder', value: ({ image_builder }) => image_builder },
  { name: 'user', value: ({ user }) => user },
  { name: 'created_at', value: ({ created_at }) => created_at, cell: ({ created_at }) => shownTime(created_at) },
  { name: 'tags', value: ({ tags }) => tags, cell: ({ tags }) => tags.join(', ') },
  { name: 'detached', hidden: true, value: ({ detached }) => detached },
  { name: 'ended_at', hidden: true, value: ({ ended_at }) => ended_at },
  { name: 'digest', hidden: true, value: ({ digest }) => digest },
];

/** The view for people: what it is, how it went, how long it took. */
export function buildSections(build: BuildDetailsView): readonly Section[] {
  const { failure, cache, waiting } = build;
  const total = build.timings.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [
    {
      rows: [
        ['Build:', build.name],
        ['State:', build.state + (build.detached ? ', detached' : '')],
        ...(waiting === undefined ? [] : [['Waiting:', `${waiting.message} (${waiting.reason})`]]),
        ['Image builder:', build.image_builder],
        ['User:', build.user],
        ['Created:', shownTime(build.created_at)],
        ...(build.ended_at === undefined ? [] : [['Ended:', shownTime(build.ended_at)]]),
        ...build.tags.map((tag) => ['Tag:', tag]),
        ...(build.digest === undefined ? [] : [['Digest:', build.digest]]),
        ...(cache === undefined ? [] : [['Cache:', `${cache.hits} of ${cache.hits + cache.misses} from the cache`]]),
      ],
    },
    ...(failure === undefined
      ? []
      : [
          {
            rows: [
              ['Error:', failure.message],
              ...(failure.reason === undefined ? [] : [['', failure.reason]]),
              ...(failure.fix === undefined ? [] : [['Fix:', failure.fix]]),
              ['Code:', failure.code],
            ],
          },
        ]),
    {
      titled: true,
      rows: [
        ['STAGE', 'TIME'],
        ...build.timings.map(({ stage, milliseconds }) => [stage, humanDuration(milliseconds)]),
        ...(build.timings.length > 1 ? [['in all', humanDuration(total)]] : []),
      ],
    },
  ];
}

/** To the second, in UTC; a time that is not known is a line. */
function shownTime(time: string): string {
  return time === '' ? '-' : time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

import { componentType, type SecretSummary } from '@slipway/core';
import type { Column } from '../output/column.js';
import type { Section } from '../output/output.js';

export const secretColumns: readonly Column<SecretSummary>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'keys', value: ({ keys }) => keys, cell: ({ keys }) => keys.join(', ') },
  { name: 'used_by', value: ({ used_by }) => used_by, cell: (secret) => usersOf(secret).join(', ') || '-' },
  { name: 'created_at', hidden: true, value: ({ created_at }) => created_at },
  { name: 'updated_at', hidden: true, value: ({ updated_at }) => updated_at },
];

/** The view for people: what may be known of a secret, and how its keys are referred to. */
export function secretSections(secret: SecretSummary): readonly Section[] {
  return [
    {
      rows: [
        ['Name:', secret.name],
        ['Used by:', usersOf(secret).join(', ') || '-'],
        ['Updated:', secret.updated_at],
      ],
    },
    {
      titled: true,
      rows: [['KEY', 'REFERRED TO AS'], ...secret.keys.map((key) => [key, `{{${secret.name}.${key}}}`])],
    },
  ];
}

function usersOf({ used_by }: SecretSummary): readonly string[] {
  return used_by.map(({ type, name }) => `${componentType(type).title} ${name}`);
}

import { type ComponentType, componentType, type ConfigurationField, secretPaths } from '@slipway/core';
import type { RegisteredFlavor } from '@slipway/core';
import type { Column } from '../output/column.js';
import type { Section } from '../output/output.js';
import { shownValue } from '../output/words.js';

/** A flavor as commands show it. Fields may be added; those that are here keep their meaning. */
export interface FlavorView {
  readonly name: string;
  readonly type: ComponentType;
  readonly description: string;
  /** The package that brings it. */
  readonly plugin: string;
  readonly attributes: readonly ConfigurationField[];
}

export function flavorView({ flavor, plugin }: RegisteredFlavor): FlavorView {
  const { name, type, description, fields } = flavor;
  return { name, type, description, plugin, attributes: fields };
}

export const flavorColumns: readonly Column<FlavorView>[] = [
  { name: 'name', value: ({ name }) => name },
  { name: 'type', value: ({ type }) => type, cell: ({ type }) => componentType(type).title },
  { name: 'plugin', value: ({ plugin }) => plugin },
  { name: 'description', title: 'ABOUT', value: ({ description }) => description },
  {
    name: 'attributes',
    hidden: true,
    value: ({ attributes }) => attributes.map(({ name }) => name),
    cell: ({ attributes }) => attributes.map(({ name }) => name).join(', '),
  },
];

/** The view for people: what it is, then its attributes. */
export function flavorSections({ name, type, description, plugin, attributes }: FlavorView): readonly Section[] {
  const rows = attributes.map((field) => [
    field.name,
    field.type,
    field.required ? 'required' : shownValue(field.default),
    notes(field),
  ]);
  return [
    {
      rows: [
        ['Name:', name],
        ['Type:', componentType(type).title],
        ['Plugin:', plugin],
        ['About:', description],
      ],
    },
    { titled: true, rows: [['ATTRIBUTE', 'TYPE', 'DEFAULT', 'ABOUT'], ...rows] },
  ];
}

function notes(field: ConfigurationField): string {
  const { name, description, example, secret, deprecated, namedValues } = field;
  const secrets = secretPaths(field);
  return [
    deprecated ? 'Deprecated.' : '',
    description,
    secret ? 'Never shown.' : '',
    secret || secrets.length === 0 ? '' : `Never shown: ${secrets.join(', ')}.`,
    example === undefined ? '' : `E.g. ${example}${namedValues ? ',' : ''}`,
    namedValues ? `${example === undefined ? 'Also' : 'or'} --${name} NAME=VALUE, repeated.` : '',
  ]
    .filter((note) => note !== '')
    .join(' ');
}

import { componentType, type RbacSubject, UsageError } from '@slipway/core';
import { defineCommand } from '../../command/command.js';
import { chosenComponent } from './chosen-component.js';

const type = 'image_builder';
const { command, title } = componentType(type);

export const rbac = defineCommand({
  path: [command, 'rbac'],
  summary: `Print the least permissions in the cluster that users of the ${title} need, as a Kubernetes Role.`,
  arguments: { name: { summary: 'Which; by default that of the active stack.' } },
  options: {
    user: { type: 'texts', placeholder: 'USER', summary: 'Bind the Role to this user. May be repeated.' },
    group: { type: 'texts', placeholder: 'GROUP', summary: 'Bind the Role to this group. May be repeated.' },
    'service-account': {
      type: 'texts',
      placeholder: '[NAMESPACE/]NAME',
      summary: 'Bind the Role to this service account. May be repeated.',
    },
    doctor: { type: 'flag', summary: 'Also what only slipway doctor reads.' },
    output: {
      type: 'text',
      letter: 'o',
      placeholder: 'FORMAT',
      choices: ['yaml', 'json'],
      summary: 'How to print: yaml (default) or json.',
    },
  },
  examples: [
    `slipway ${command} rbac NAME`,
    `slipway ${command} rbac NAME --user=anna --group=builders | kubectl apply -f -`,
    `slipway ${command} rbac NAME --service-account=ci/pipelines -o json`,
  ],
  async handler({ arguments: { name }, options }, context) {
    const slipway = await context.slipway();
    const record = await chosenComponent(slipway, type, name);
    const builder = (await slipway.assembleWith(type, record.name)).get(type);
    if (builder?.rbac === undefined) {
      throw new UsageError({
        code: 'NO_PERMISSIONS_NEEDED',
        message: `The ${title} '${record.name}' of flavor '${record.flavor}' needs no permissions in a cluster.`,
        fix: `slipway ${command} list names the flavors of the others.`,
      });
    }
    const subjects = [
      ...options.user.map((user): RbacSubject => ({ kind: 'User', name: user })),
      ...options.group.map((group): RbacSubject => ({ kind: 'Group', name: group })),
      ...options['service-account'].map((account): RbacSubject => ({ kind: 'ServiceAccount', name: account })),
    ];
    const manifests = await builder.rbac({ subjects, forDoctor: options.doctor });
    if (options.output === 'json') {
      const list = { apiVersion: 'v1', kind: 'List', items: manifests };
      context.output.json(manifests.length === 1 ? manifests[0] : list);
      return;
    }
    const { stringify } = await import('yaml');
    context.output.data(
      manifests
        .map((manifest) => stringify(manifest, { lineWidth: 0 }))
        .join('---\n')
        .trimEnd(),
    );
  },
});

import { type FailingCall, testFailingCalls } from '../support/failing-calls.js';

const register = ['container-registry', 'register'] as const;
const kaniko = ['image-builder', 'register', 'kb', '--flavor=kaniko', '--kubernetes_context=dev'] as const;

const calls: readonly FailingCall[] = [
  {
    title: 'register with nothing',
    args: register,
    code: 'MISSING_FLAVOR',
    says: [
      'takes a name and a flavor',
      'Flavors: default.',
      'Fix: slipway container-registry register my-container-registry --flavor=default --uri=',
    ],
  },
  {
    title: 'register without a name',
    args: [...register, '-f', 'default', '--uri=x'],
    code: 'MISSING_ARGUMENT',
    says: ['NAME'],
  },
  {
    title: 'a misspelt --flavor',
    args: [...register, 'x', '--flavour=default'],
    code: 'UNKNOWN_OPTION',
    says: ["Did you mean '--flavor'?"],
  },
  {
    title: 'an unknown flavor',
    args: [...register, 'x', '--flavor=defualt'],
    code: 'UNKNOWN_FLAVOR',
    says: ["Did you mean 'default'?"],
  },
  {
    title: 'an unknown attribute',
    args: [...register, 'x', '-f', 'default', '--url=x'],
    code: 'UNKNOWN_ATTRIBUTE',
    says: ["Did you mean 'uri'?"],
  },
  {
    title: 'an unknown attribute without =',
    args: [...register, 'x', '-f', 'default', '--insecur'],
    code: 'UNKNOWN_ATTRIBUTE',
    says: ["Did you mean 'insecure'?"],
  },
  {
    title: 'a missing required attribute',
    args: [...register, 'x', '-f', 'default'],
    code: 'MISSING_ATTRIBUTE',
    says: ["'uri'", 'Fix: Add --uri=ghcr.io/acme'],
  },
  {
    title: 'an attribute without its value',
    args: [...register, 'x', '-f', 'default', '--uri'],
    code: 'MISSING_VALUE',
    says: ["'--uri'"],
  },
  {
    title: 'a repeated attribute',
    args: [...register, 'x', '-f', 'default', '--uri=a', '--uri=b'],
    code: 'REPEATED_ATTRIBUTE',
    says: ["'uri'"],
  },
  {
    title: 'an attribute repeated in another spelling',
    args: [...register, 'x', '-f', 'default', '--uri=a', '--ca_bundle=a', '--ca-bundle=b'],
    code: 'REPEATED_ATTRIBUTE',
    says: ["'ca_bundle'"],
  },
  {
    title: 'a value of the wrong type',
    args: [...register, 'x', '-f', 'default', '--uri=a', '--insecure=maybe'],
    code: 'INVALID_ATTRIBUTE',
    says: ["'insecure'", 'true or false'],
  },
  {
    title: 'a value that its field refuses',
    args: [...register, 'x', '-f', 'default', '--uri=http://a'],
    code: 'INVALID_ATTRIBUTE',
    says: ["'uri'", 'no scheme'],
  },
  {
    title: 'a file that is not there',
    args: [...register, 'x', '-f', 'default', '--uri=a', '--ca_bundle=@none.crt'],
    code: 'UNREADABLE_FILE',
    says: ["'none.crt'", 'does not exist', '--ca_bundle=@@'],
  },
  {
    title: 'a folder for a file',
    args: [...register, 'x', '-f', 'default', '--uri=a', '--ca_bundle=@.'],
    code: 'UNREADABLE_FILE',
    says: ['It is a folder.'],
  },
  {
    title: 'a file that is no text',
    args: [...register, 'x', '-f', 'default', '--uri=a', '--ca_bundle=@binary'],
    code: 'UNREADABLE_FILE',
    says: ['not UTF-8'],
  },
  {
    title: 'an impossible name',
    args: [...register, 'a/b', '-f', 'default', '--uri=a'],
    code: 'INVALID_NAME',
    says: ["'a/b'"],
  },
  {
    title: 'an existing name',
    args: [...register, 'reg', '-f', 'default', '--uri=a'],
    code: 'NAME_TAKEN',
    says: ["'reg'"],
  },
  {
    title: 'an update of an unknown name',
    args: ['container-registry', 'update', 'regg', '--uri=x'],
    code: 'UNKNOWN_COMPONENT',
    says: ["Did you mean 'reg'?"],
  },
  {
    title: 'an update of an unknown attribute',
    args: ['container-registry', 'update', 'reg', '--url=x'],
    code: 'UNKNOWN_ATTRIBUTE',
    says: ["Did you mean 'uri'?"],
  },
  {
    title: 'an update with nothing to change',
    args: ['container-registry', 'update', 'reg'],
    code: 'NOTHING_TO_UPDATE',
    says: [],
  },
  {
    title: 'an update to something wrong',
    args: ['container-registry', 'update', 'reg', '--uri='],
    code: 'INVALID_ATTRIBUTE',
    says: ["'uri'"],
  },
  { title: 'bad JSON', args: [...kaniko, '--env=[{"name"'], code: 'INVALID_JSON', says: ["'env'", "--env='["] },
  {
    title: 'JSON of the wrong type',
    args: [...kaniko, '--env={"name": "a"}'],
    code: 'INVALID_ATTRIBUTE',
    says: ["'env'"],
  },
  {
    title: 'a volume mount without a mountPath',
    args: [...kaniko, '--volume_mounts=[{"name": "a"}]'],
    code: 'INVALID_ATTRIBUTE',
    says: ["'volume_mounts'", 'mountPath'],
  },
  {
    title: 'text for a number',
    args: [...kaniko, '--pod_running_timeout=soon'],
    code: 'INVALID_ATTRIBUTE',
    says: ["'pod_running_timeout'", 'number'],
  },
  {
    title: 'kaniko without its context',
    args: ['image-builder', 'register', 'kb', '--flavor=kaniko'],
    code: 'MISSING_ATTRIBUTE',
    says: ["'kubernetes_context'"],
  },
];

describe('A component that is registered or updated wrongly', () => testFailingCalls(calls));

import { expect } from 'chai';
import { type FailingCall, testFailingCalls } from '../support/failing-calls.js';
import { Workspace } from '../support/workspace.js';

const calls: readonly FailingCall[] = [
  {
    title: 'an unknown command',
    args: ['stak', 'list'],
    code: 'UNKNOWN_COMMAND',
    says: ["Did you mean 'stack'?", 'Fix: slipway stack --help'],
  },
  {
    title: 'an unknown command of a noun',
    args: ['stack', 'lst'],
    code: 'UNKNOWN_COMMAND',
    says: ["Did you mean 'list'?"],
  },
  {
    title: 'a word that other programs have for a command',
    args: ['image-builder', 'ls'],
    code: 'UNKNOWN_COMMAND',
    says: ["Did you mean 'list'?", 'Fix: slipway image-builder list --help'],
  },
  {
    title: 'another word than that of the noun for the same',
    args: ['builds', 'describe', 'x'],
    code: 'UNKNOWN_COMMAND',
    says: ["Did you mean 'show'?"],
  },
  {
    title: 'a command of Docker',
    args: ['push', 'demo/hello:1'],
    code: 'UNKNOWN_COMMAND',
    says: ['slipway build pushes', 'skopeo copy oci:'],
  },
  {
    title: "an option of Docker's build",
    args: ['build', '-q', '.'],
    code: 'UNKNOWN_OPTION',
    says: ['Use: --progress=quiet'],
  },
  {
    title: 'an address for a build context',
    args: ['build', 'https://git.example.com/app.git', '-t', 'a'],
    code: 'CONTEXT_NOT_A_DIRECTORY',
    says: ["'https://git.example.com/app.git' is an address", 'name that: slipway build FOLDER'],
  },
  {
    title: 'standard input for a build context',
    args: ['build', '-', '-t', 'a'],
    code: 'CONTEXT_NOT_A_DIRECTORY',
    says: ["'-' is standard input"],
  },
  {
    title: 'standard input for a Dockerfile',
    args: ['build', '.', '-f', '-', '-t', 'a'],
    code: 'DOCKERFILE_NOT_FOUND',
    says: ['not read from standard input'],
  },
  {
    title: 'an unknown option',
    args: ['stack', 'list', '--ouput=json'],
    code: 'UNKNOWN_OPTION',
    says: ["Did you mean '--output'?"],
  },
  { title: 'an unknown option of the program', args: ['--verbose'], code: 'UNKNOWN_OPTION', says: ["'--verbose'"] },
  { title: 'an unknown letter', args: ['stack', 'list', '-x'], code: 'UNKNOWN_OPTION', says: ["'-x'"] },
  {
    title: 'an unknown format',
    args: ['stack', 'list', '-o', 'jsn'],
    code: 'INVALID_OPTION',
    says: ["Did you mean 'json'?"],
  },
  {
    title: 'an option without its value',
    args: ['stack', 'register', 's', '-c'],
    code: 'MISSING_VALUE',
    says: ["'--container-registry'"],
  },
  {
    title: 'an option for its value',
    args: ['stack', 'register', 's', '-c', '--set'],
    code: 'MISSING_VALUE',
    says: ["'--container-registry'"],
  },
  {
    title: 'a repeated option',
    args: ['stack', 'register', 's', '-c', 'reg', '-c', 'reg'],
    code: 'REPEATED_OPTION',
    says: [],
  },
  {
    title: 'a word too many',
    args: ['stack', 'set', 'default', 'more'],
    code: 'UNEXPECTED_ARGUMENT',
    says: ["'more'"],
  },
  {
    title: 'an unknown name',
    args: ['container-registry', 'describe', 'regg'],
    code: 'UNKNOWN_COMPONENT',
    says: ["Did you mean 'reg'?"],
  },
  {
    title: 'the description of what the active stack lacks',
    args: ['container-registry', 'describe'],
    code: 'NO_ACTIVE_COMPONENT',
    says: ["'default'"],
  },
  {
    title: 'the deletion of a component in use',
    args: ['container-registry', 'delete', 'reg'],
    code: 'COMPONENT_IN_USE',
    says: ["'prod'"],
  },
  {
    title: 'a stack of an unknown component',
    args: ['stack', 'register', 's', '-c', 'regg'],
    code: 'UNKNOWN_COMPONENT',
    says: ["Did you mean 'reg'?"],
  },
  { title: 'a stack of nothing', args: ['stack', 'register', 's'], code: 'EMPTY_STACK', says: ['-c reg'] },
  {
    title: 'an existing stack',
    args: ['stack', 'register', 'prod', '-c', 'reg'],
    code: 'NAME_TAKEN',
    says: ["'prod'"],
  },
  { title: 'an unknown stack', args: ['stack', 'set', 'prd'], code: 'UNKNOWN_STACK', says: ["Did you mean 'prod'?"] },
  {
    title: 'an update of a stack with nothing to change',
    args: ['stack', 'update', 'prod'],
    code: 'NOTHING_TO_UPDATE',
    says: ['-c reg'],
  },
  {
    title: 'the deletion of the active stack',
    args: ['stack', 'delete', 'default'],
    code: 'STACK_ACTIVE',
    says: ['slipway stack set'],
  },
  {
    title: 'an unknown flavor to describe',
    args: ['flavor', 'describe', 'kanko'],
    code: 'UNKNOWN_FLAVOR',
    says: ["Did you mean 'kaniko'?"],
  },
  {
    title: 'an unknown type',
    args: ['flavor', 'list', '--type=image-bilder'],
    code: 'UNKNOWN_TYPE',
    says: ["Did you mean 'image-builder'?"],
  },
  {
    title: 'an unknown integration',
    args: ['integration', 'install', 'kanico'],
    code: 'UNKNOWN_INTEGRATION',
    says: ["Did you mean 'kaniko'?"],
  },
  {
    title: 'a build of a stack without a builder',
    args: ['build', '-t', 'a:1', '--stack=prod'],
    code: 'NO_IMAGE_BUILDER',
    says: ["'prod'"],
  },
  {
    title: 'a stack that would not work',
    args: ['stack', 'register', 's', '-i', 'builder', '-c', 'here'],
    code: 'STACK_INVALID',
    says: [],
  },
];

describe('A call that is wrong', () => {
  testFailingCalls(calls);

  it('is JSON on standard error under -o json', async () => {
    const workspace = await Workspace.create();
    const { stdout, stderr, exitCode } = await workspace.slipway('stack', 'describe', 'defalt', '-o', 'json');
    await workspace.remove();
    expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: 2 });
    expect(JSON.parse(stderr)).to.deep.equal({
      version: 1,
      error: {
        code: 'UNKNOWN_STACK',
        message: "There is no stack 'defalt'.",
        reason: "Did you mean 'default'?",
        fix: 'slipway stack list',
        exit_code: 2,
      },
    });
  });
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSlipway, type Slipway, type SlipwayOptions } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testPlugin } from '../support/test-plugin.js';

describe('The active stack', () => {
  const folder = temporaryFolder();
  const project = (): string => join(folder(), 'project');
  const projectFile = (): string => join(project(), 'slipway.yaml');

  const open = (options: Partial<SlipwayOptions> = {}): Promise<Slipway> =>
    createSlipway({
      configDirectory: join(folder(), 'config'),
      plugins: [testPlugin().plugin],
      environment: {},
      workingDirectory: join(project(), 'src', 'deep'),
      ...options,
    });

  beforeEach(async () => {
    await mkdir(join(project(), 'src', 'deep'), { recursive: true });
    const slipway = await open();
    for (const name of ['mine', 'projects', 'environments', 'options']) {
      const configuration = { cluster: name };
      await slipway.components.register({ type: 'image_builder', flavor: 'strict', name, configuration });
      await slipway.stacks.register(name, { image_builder: name });
    }
    await slipway.stacks.activate('mine');
  });

  it('is the user’s setting, below the project’s file, below SLIPWAY_STACK, below an option', async () => {
    expect(await (await open()).stacks.active()).to.deep.equal({ name: 'mine', origin: 'user' });
    await writeFile(projectFile(), '# Everybody builds with this one.\nstack: projects\n');
    const byProject = { name: 'projects', origin: 'project', path: projectFile() };
    expect(await (await open()).stacks.active()).to.deep.equal(byProject);
    const environment = { SLIPWAY_STACK: 'environments' };
    const byEnvironment = { name: 'environments', origin: 'environment' };
    expect(await (await open({ environment })).stacks.active()).to.deep.equal(byEnvironment);
    const byOption = { name: 'options', origin: 'option' };
    expect(await (await open({ environment, stack: 'options' })).stacks.active()).to.deep.equal(byOption);
  });

  it('is what every operation uses that names no stack', async () => {
    const slipway = await open({ environment: { SLIPWAY_STACK: 'environments' } });
    expect((await slipway.stacks.get()).name).to.equal('environments');
    expect((await slipway.components.active('image_builder'))?.name).to.equal('environments');
    expect((await slipway.imageBuilder()).info.name).to.equal('environments');
    expect((await slipway.stacks.update(undefined, { artifact_store: 'default' })).after.name).to.equal('environments');
    const removed = await slipway.stacks.removeComponents(undefined, ['artifact_store']);
    expect(removed.after.name).to.equal('environments');
  });

  it('is the user’s where the nearest file of a project names none, or SLIPWAY_STACK is empty', async () => {
    await writeFile(join(folder(), 'slipway.yaml'), 'stack: projects');
    for (const text of ['', 'stack:\n', 'other: setting\n']) {
      await writeFile(projectFile(), text);
      expect((await (await open({ environment: { SLIPWAY_STACK: '' } })).stacks.active()).origin).to.equal('user');
    }
  });

  it('is looked for above where nothing of the project is nearer', async () => {
    await writeFile(join(folder(), 'slipway.yaml'), 'stack: projects');
    await mkdir(join(project(), 'slipway.yaml'));
    expect(await (await open()).stacks.activeName()).to.equal('projects');
  });

  it('is an error where it is not there, which says what named it', async () => {
    await writeFile(projectFile(), 'stack: project\n');
    const byProject = await failure('UNKNOWN_STACK', async () => (await open()).stacks.get());
    expect(byProject.message).to.equal(`There is no stack 'project', which ${projectFile()} names.`);
    expect(byProject.reason).to.equal("Did you mean 'projects'?");
    const environment = { SLIPWAY_STACK: 'gone' };
    const byEnvironment = await failure('UNKNOWN_STACK', async () => (await open({ environment })).imageBuilder());
    expect(byEnvironment.message).to.contain('SLIPWAY_STACK');
    const byOption = await failure('UNKNOWN_STACK', async () =>
      (await open({ stack: 'gone' })).components.active('image_builder'),
    );
    expect(byOption.message).to.contain('--stack');
  });

  for (const [text, reason] of [
    ['stack: [', 'not YAML'],
    ['stack: 5', '`stack`'],
    ['- stack', 'map'],
  ] as const) {
    it(`is an error where the project’s file is "${text}", which is named`, async () => {
      await writeFile(projectFile(), text);
      const error = await failure('PROJECT_FILE_INVALID', async () => (await open()).stacks.active());
      expect(error.message).to.contain(projectFile());
      expect(error.reason).to.contain(reason);
    });
  }

  it('is not deleted, whatever made it active; nor is the user’s', async () => {
    const slipway = await open({ environment: { SLIPWAY_STACK: 'environments' } });
    const error = await failure('STACK_ACTIVE', () => slipway.stacks.delete('environments'));
    expect(error.reason).to.contain('SLIPWAY_STACK');
    await failure('STACK_ACTIVE', () => slipway.stacks.delete('mine'));
    await slipway.stacks.delete('projects');
  });

  it('is said to be another where the user’s setting changes and something else decides', async () => {
    await writeFile(projectFile(), 'stack: projects\n');
    const slipway = await open();
    const [warning] = (await slipway.stacks.activate('options')).warnings;
    expect(warning).to.include({ code: 'ACTIVE_STACK_OVERRULED' });
    expect(warning?.reason).to.contain(projectFile());
    expect((await slipway.stacks.activate('projects')).warnings).to.deep.equal([]);
    const renamed = await slipway.stacks.rename('projects', 'p2');
    expect(renamed.warnings.map(({ message }) => message)).to.deep.equal([`${projectFile()} still names 'projects'.`]);
  });
});

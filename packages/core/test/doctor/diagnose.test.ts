import { expect } from 'chai';
import {
  type ComponentOf,
  type ComponentType,
  diagnose,
  type DiagnoseOptions,
  type DoctorCheck,
  type Stack,
} from '../../src/index.js';

type Parts = { readonly [T in ComponentType]?: Partial<ComponentOf<T>> };

describe('A diagnosis', () => {
  function stackOf(parts: Parts): Stack {
    return {
      name: 'test',
      get: <T extends ComponentType>(type: T) =>
        parts[type] && ({ info: { type, flavor: 'sample', name: `a-${type}` }, ...parts[type] } as ComponentOf<T>),
    };
  }

  const finds = (...ids: readonly string[]) =>
    async function* (): AsyncGenerator<DoctorCheck> {
      for (const id of ids) yield await Promise.resolve({ id, outcome: 'ok', message: 'Well.' });
    };

  async function found(parts: Parts, options?: DiagnoseOptions): Promise<readonly string[]> {
    const all: string[] = [];
    for await (const { id, component } of diagnose(stackOf(parts), options)) all.push(`${component.name} ${id}`);
    return all;
  }

  it('asks every component, in the order of their types', async () => {
    const parts = { artifact_store: { doctor: finds('folder') }, image_builder: { doctor: finds('one', 'two') } };
    expect(await found(parts)).to.deep.equal(['a-image_builder one', 'a-image_builder two', 'a-artifact_store folder']);
  });

  it('of one component asks those too that it uses, and no others', async () => {
    const parts: Parts = {
      image_builder: { uses: ['container_registry'], doctor: finds('one') },
      container_registry: { doctor: finds('answers') },
      artifact_store: { doctor: finds('folder') },
    };
    expect(await found(parts, { types: ['image_builder'] })).to.deep.equal([
      'a-image_builder one',
      'a-container_registry answers',
    ]);
    expect(await found(parts, { types: ['container_registry'] })).to.deep.equal(['a-container_registry answers']);
  });

  it('looks itself at what cannot look, and leaves it to what can', async () => {
    const looks = { container_registry: finds('looked-at') };
    expect(await found({ container_registry: {} }, { looks })).to.deep.equal(['a-container_registry looked-at']);
    expect(await found({ container_registry: { doctor: finds('answers') } }, { looks })).to.deep.equal([
      'a-container_registry answers',
    ]);
  });

  it('says so where there is nothing to look at', async () => {
    expect(await found({ container_registry: {} })).to.deep.equal(['a-container_registry configuration']);
  });

  it('tells first what keeps the stack from working', async () => {
    const validate = () => [{ message: 'it has no registry.' }];
    const checks: DoctorCheck[] = [];
    for await (const check of diagnose(stackOf({ image_builder: { validate, doctor: finds('one') } })))
      checks.push(check);
    expect(checks[0]).to.include({ outcome: 'failure', message: 'It has no registry.', code: 'STACK_INVALID' });
    expect(checks[1]).to.include({ id: 'one' });
  });
});

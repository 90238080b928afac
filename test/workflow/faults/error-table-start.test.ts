import { OPERATIONS, QUICK, ROWS, Table, TITLES, type } from './error-table';
import { endOf, Scene } from './scene';

describe.each(OPERATIONS)('the start of a %s answered with', (operation) => {
  let table: Table;
  beforeAll(async () => {
    const scene = await Scene.open({ operation: QUICK, simulator: { cloneMs: 200, revertMs: 200 } });
    table = new Table(scene, operation);
    const call = operation === 'clone' ? 'linkedClone' : 'revert';
    table.begin(TITLES, ({ action }, vm) => ({ operation: call, vm, action }));
  });
  afterAll(() => table.scene.close());

  test.each(TITLES)('%s', async (title) => {
    const start = ROWS[title]?.start;
    const { end, effects, looks } = await table.seen(title);
    if (start === 'refused' || start === 'unknown') {
      expect(end).toHaveProperty('result');
      expect(effects).toEqual([operation]);
      expect(looks > 0).toBe(start === 'unknown');
    } else {
      expect(end).toMatchObject({ type: start });
      expect(effects).toEqual([]);
    }
  });
});

describe('the start of a clone', () => {
  let scene: Scene;
  let number = 0;
  beforeAll(async () => {
    scene = await Scene.open({ operation: QUICK, simulator: { cloneMs: 300 } });
  });
  afterAll(() => scene.close());
  beforeEach(async () => void (await scene.clearFaults()));

  test.each([
    ['once logs in anew and succeeds', 1, undefined],
    ['also after a new login fails as Unauthenticated', 2, 'Unauthenticated'],
  ])('that is refused with a 401 %s', async (_title, count, failure) => {
    await scene.fault({ operation: 'linkedClone', action: type(401, 'UNAUTHENTICATED'), count });
    const name = `login-${++number}`;
    const end = await endOf(await scene.clone(name));
    expect(end.type).toBe(failure);
    expect(await scene.cloneEffects(name)).toEqual(failure === undefined ? ['clone'] : []);
  });
});

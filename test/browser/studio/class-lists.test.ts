/** The legend of models with lists of their own. */
import { describe, expect, test } from 'vitest';
import { type ClassList, parseClassList } from '../../../src/taxonomy/class-list';
import { DRIVING } from '../../../src/taxonomy/classes';
import { openPage, type Page, settled } from './harness';

/** The page with a model whose masks have these classes. */
async function pageWith(classes: ClassList): Promise<Page> {
  const page = await openPage('', (world) => {
    world.prepare = (stage) => {
      stage.engine = { ...stage.engine, classes };
    };
  });
  await settled();
  return page;
}

const rows = (page: Page) => [...page.root.querySelectorAll('.legend-row label')].map((l) => l.textContent);

describe('the legend', () => {
  test('has the classes of the model, in their own colours, and says what is missing without a road', async () => {
    const land = parseClassList([
      'water',
      { name: 'field', colour: '#b9ad5e' },
      { name: 'rest', role: 'nothing' },
    ]);
    const page = await pageWith(land);
    expect(rows(page)).toEqual(['water', 'field', 'rest']);
    expect(page.get<HTMLInputElement>('colour-1').value).toBe('#b9ad5e');
    // What stands for nothing is there, and not painted.
    expect(page.get<HTMLInputElement>('class-2').checked).toBe(false);
    expect(page.get('no-road').textContent).toMatch(/drivable/);
    expect(page.get('scene-missing').hidden).toBe(false);
    expect(page.world.stage.view).toMatchObject({ classes: land, visible: [true, true, false] });
    expect(page.find('class-search')).toBeNull();
  });

  test('is searched beyond twenty classes', async () => {
    const page = await pageWith(parseClassList(Array.from({ length: 150 }, (_, i) => `thing ${i}`)));
    expect(rows(page)).toHaveLength(150);
    const search = page.get<HTMLInputElement>('class-search');
    search.value = 'THING 14';
    search.dispatchEvent(new Event('input', { bubbles: true }));
    await settled();
    expect(rows(page)).toEqual(['thing 14', ...Array.from({ length: 10 }, (_, i) => `thing ${140 + i}`)]);
  });

  test('shows the own car where the model knows it, unpainted until it is asked for', async () => {
    const page = await pageWith(DRIVING);
    expect(rows(page)).toHaveLength(13);
    const own = page.get<HTMLInputElement>('class-12');
    expect(own.checked).toBe(false);
    own.click();
    await settled();
    expect(page.world.stage.view?.visible[12]).toBe(true);
    expect(page.find('no-road')).toBeNull();
    expect(rows(await pageWith(DRIVING.slice(0, 12)))).toHaveLength(12);
  });
});

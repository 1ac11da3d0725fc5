import { describe, expect, test } from 'vitest';
import { CarriagewayError, reportOf } from '../../../src/errors';
import { ownModel } from '../../../src/studio/model/own-model';
import { fakeDraft } from '../../fakes/app';
import { openPage, type Page, report, settled } from './harness';

/** Everything that takes the focus. */
const CONTROLS = 'button, input, select, textarea, summary, a[href], [tabindex="0"]';

/** The name that assistive technology speaks: a hand-written part of the accessible-name computation. */
function nameOf(element: Element): string {
  const labelledBy = element.getAttribute('aria-labelledby');
  if (labelledBy)
    return labelledBy
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' ')
      .trim();
  const label = element.getAttribute('aria-label');
  if (label) return label.trim();
  const labels = (element as HTMLInputElement).labels;
  if (labels?.length)
    return [...labels]
      .map((l) => l.textContent)
      .join(' ')
      .trim();
  return (element.textContent ?? '').trim();
}

/** The page with everything open that can be open at once. */
async function fullPage(): Promise<Page> {
  const page = await openPage('?mode=wrong');
  report(page);
  page.app.context.view.toggleSplit();
  page.app.context.regions.set([
    { x: 0, y: 0.9 },
    { x: 1, y: 0.9 },
    { x: 0.5, y: 1 },
  ]);
  page.app.context.regions.edit(true);
  page.app.context.page.setDetails(true);
  const error = reportOf(new CarriagewayError('camera-busy', 'NotReadableError'), 'camera-busy');
  page.app.context.notices.show(error);
  page.app.context.store.update({ own: ownModel(new File([], 'own.onnx'), fakeDraft('own.onnx')) });
  await settled();
  return page;
}

test('every control has a name', async () => {
  const page = await fullPage();
  const controls = [...page.root.querySelectorAll(CONTROLS)];
  expect(controls.length).toBeGreaterThan(60);
  const nameless = controls.filter((c) => nameOf(c) === '').map((c) => c.outerHTML.slice(0, 120));
  expect(nameless).toEqual([]);
});

test('names say what a control does, not how it looks: no two buttons share one', async () => {
  const page = await openPage();
  const names = [...page.root.querySelectorAll('cw-bar button')].map(nameOf);
  expect(new Set(names).size).toBe(names.length);
});

test('no id is there twice, and every reference finds its element', async () => {
  const page = await fullPage();
  const ids = [...page.root.querySelectorAll('[id]')].map((e) => e.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'for', 'popovertarget'])
    for (const element of page.root.querySelectorAll(`[${attribute}]`))
      for (const id of element.getAttribute(attribute)!.split(' ')) expect(ids).toContain(id);
});

test('test ids are there once', async () => {
  const page = await openPage();
  const ids = [...page.root.querySelectorAll<HTMLElement>('[data-testid]')].map((e) => e.dataset.testid);
  expect(new Set(ids).size).toBe(ids.length);
});

test('sliders tell their range and value', async () => {
  const page = await fullPage();
  for (const slider of page.root.querySelectorAll('[role=slider]'))
    for (const name of ['aria-valuemin', 'aria-valuemax', 'aria-valuenow', 'aria-valuetext'])
      expect(slider.getAttribute(name), name).not.toBeNull();
});

test('there is one main, one heading of the first rank, and dialogs have names', async () => {
  const page = await fullPage();
  expect(page.root.querySelectorAll('main')).toHaveLength(1);
  expect(page.root.querySelectorAll('h1')).toHaveLength(1);
  expect(page.root.querySelector('h1')!.textContent).toBe('Carriageway');
  expect(nameOf(page.root.querySelector('aside')!)).not.toBe('');
  for (const dialog of page.root.querySelectorAll('dialog, [role=dialog]'))
    expect(nameOf(dialog)).not.toBe('');
});

test('images and icons are named or silent', async () => {
  const page = await fullPage();
  for (const svg of page.root.querySelectorAll('svg')) expect(svg.getAttribute('aria-hidden')).toBe('true');
  for (const image of page.root.querySelectorAll('[role=img]')) expect(nameOf(image)).not.toBe('');
});

describe('notices', () => {
  test('are read politely, can be unfolded and dismissed', async () => {
    const page = await openPage();
    const list = page.get('notices');
    expect(list.getAttribute('aria-live')).toBe('polite');
    const error = reportOf(new CarriagewayError('camera-busy', 'NotReadableError'), 'camera-busy');
    page.app.context.notices.show(error);
    page.app.context.notices.show(error);
    expect(list.children).toHaveLength(1);
    expect(list.textContent).toContain('(2 times)');
    expect(list.querySelector('details')!.open).toBe(false);
    expect(list.querySelector('code')!.textContent).toBe('NotReadableError');
    page.get('dismiss').click();
    expect(list.children).toHaveLength(0);
  });

  test('text of an error is text, never markup', async () => {
    const page = await openPage();
    const detail = '<img src=x onerror=alert(1)>';
    page.app.context.notices.show({ code: 'source-failed', message: detail, detail });
    expect(page.get('notices').querySelector('img')).toBeNull();
    expect(page.get('notices').querySelector('code')!.textContent).toBe(detail);
  });
});

test.each([
  [360, 640],
  [390, 844],
  [844, 390],
  [1024, 768],
  [1440, 900],
])(
  'at %d × %d nothing is wider than the screen, and bar and statement are in sight',
  async (width, height) => {
    const { page: browserPage } = await import('vitest/browser');
    await browserPage.viewport(width, height);
    const page = await openPage();
    report(page);
    await settled();
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(innerWidth);
    expect(document.documentElement.scrollHeight).toBeLessThanOrEqual(innerHeight);
    for (const id of [
      'play',
      'full-screen',
      'mode',
      'sync',
      'statement',
      'picture',
      'sources',
      'models',
      'keys',
    ]) {
      const box = page.get(id).getBoundingClientRect();
      expect(box.width, id).toBeGreaterThan(0);
      expect(box.left, id).toBeGreaterThanOrEqual(0);
      expect(box.right, id).toBeLessThanOrEqual(innerWidth);
      expect(box.bottom, id).toBeLessThanOrEqual(innerHeight);
    }
    await browserPage.viewport(1280, 720);
  },
);

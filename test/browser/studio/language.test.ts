/** The page in another language: while it runs, and from one visit to the next. */
import { afterEach, expect, test } from 'vitest';
import { CarriagewayError, reportOf } from '../../../src/errors';
import { LANGUAGES } from '../../../src/words/language';
import { speak } from '../../../src/words/words';
import { requestOf } from '../../fakes/request';
import { enter, openPage, report, settled } from './harness';

afterEach(() => speak('en'));

test('another language is spoken at once, by everything that is open, and remembered', async () => {
  const page = await openPage();
  await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
  report(page);
  page.app.context.notices.show(reportOf(new CarriagewayError('camera-busy'), 'camera-busy'));
  const canvas = page.get('picture').querySelector('canvas');
  enter(page.get<HTMLSelectElement>('language'), 'de');
  await expect.poll(() => document.documentElement.lang).toBe('de');
  await settled();
  expect(page.get('statement').textContent).toContain('Jedes Bild bleibt auf diesem Gerät.');
  expect(page.get('play').getAttribute('aria-label')).toMatch(/^(Pause|Abspielen)$/);
  expect(page.get('play').title).toMatch(/\(Leertaste\)$/);
  expect(page.get('play').getAttribute('aria-keyshortcuts')).toBe('Space');
  expect(page.get('sources').textContent).toContain('Quelle: ');
  expect(page.get('notice-camera-busy').textContent).toContain('Ein anderes Programm benutzt die Kamera.');
  expect(page.get('hud-drivable-share').textContent).toMatch(/^\d+,\d$/);
  expect(page.get('spoken').textContent).toBe('Sprache: Deutsch');
  // Distances over the picture are written by a worker, which is told the decimal sign.
  await expect.poll(() => page.world.stage.view?.scene.point).toBe(',');
  // What is drawn on by a worker was not made anew.
  expect(page.get('picture').querySelector('canvas')).toBe(canvas);
  expect(page.world.storage?.getItem('carriageway.1.language')).toBe('"de"');

  enter(page.get<HTMLSelectElement>('language'), 'en');
  await expect.poll(() => document.documentElement.lang).toBe('en');
  await settled();
  expect(page.get('statement').textContent).toContain('Every frame stays on this machine.');
  expect(page.get('hud-drivable-share').textContent).toMatch(/^\d+\.\d$/);
  await expect.poll(() => page.world.stage.view?.scene.point).toBe('.');
});

test('a language is offered by its own name, in its own language', async () => {
  const page = await openPage();
  const options = [...page.get<HTMLSelectElement>('language').options];
  expect(options.map(({ value, lang, text }) => [value, lang, text])).toEqual(
    Object.entries(LANGUAGES).map(([tag, name]) => [tag, tag, name]),
  );
});

test('an address that asks for an unknown language is told so', async () => {
  const page = await openPage('?lang=xx');
  expect(page.get('notice-parameter-ignored').textContent).toContain('lang: ');
  expect(page.find('notice-parameter-ignored')?.querySelector('code')?.textContent).toContain('language');
  expect((await openPage('?lang=de-AT')).find('notice-parameter-ignored')).toBeNull();
});

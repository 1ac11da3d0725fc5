/** A first visit: the tour is offered once and leads around; figures explain themselves. */
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { TOUR_STEPS } from '../../../src/studio/tour/tour-steps';
import { openPage, report, settled } from './harness';

test('the tour is offered to a first visit, and not again once it was declined or taken', async () => {
  const page = await openPage();
  const { storage } = page.world;
  expect(page.find('tour-offer')).not.toBeNull();
  page.get('tour-decline').click();
  await settled();
  expect(page.find('tour-offer')).toBeNull();
  expect(storage.getItem('carriageway.1.tour')).toBe('true');
  const later = await openPage('', (world) => world.storage.setItem('carriageway.1.tour', 'true'));
  expect(later.find('tour-offer')).toBeNull();
  expect((await openPage('?embed')).find('tour-offer')).toBeNull();
});

test('each step rings what it speaks of; a click elsewhere does what it always does', async () => {
  const page = await openPage();
  report(page);
  page.get('tour-start').click();
  await settled();
  for (const [i, { id, at, mode }] of TOUR_STEPS.entries()) {
    expect(page.get('tour-at').textContent).toBe(`${i + 1} of ${TOUR_STEPS.length}`);
    const ringed = page.root.querySelectorAll('[data-toured]');
    expect([...ringed].map((each) => (each as HTMLElement).dataset.testid)).toEqual([at[0]]);
    if (mode) expect(page.app.context.store.state.view.mode).toBe(mode);
    expect((await axe.run(page.root, { resultTypes: ['violations'] })).violations.map((v) => v.id)).toEqual(
      [],
    );
    if (id === 'sync') {
      page.get('split').click();
      expect(page.app.context.store.state.view.split).toBe(0.5);
    }
    page.get('tour-next').click();
    await settled();
  }
  expect(page.find('tour-next')).toBeNull();
  expect(page.root.querySelector('[data-toured]')).toBeNull();
  expect(page.app.context.store.state.view.mode).toBe('classes');
});

test('the sheet of keys has the tour for whoever declined it', async () => {
  const page = await openPage();
  page.get('tour-decline').click();
  page.app.context.page.toggleMenu('keys');
  await settled();
  page.get('tour-again').click();
  await settled();
  expect(page.get<HTMLDialogElement>('keys-sheet').open).toBe(false);
  expect(page.get('tour').matches(':popover-open')).toBe(true);
  expect(document.activeElement).toBe(page.get('tour-next'));
});

test('a figure explains itself under the pointer, with the focus and under a finger, one at a time', async () => {
  const page = await openPage();
  const hint = page.get('hint');
  const shown = () => (hint.matches(':popover-open') ? hint.textContent : null);
  expect(shown()).toBeNull();
  await userEvent.hover(page.get('explain-latency'));
  expect(shown()).toMatch(/in milliseconds/);
  page.get('explain-confidence').focus();
  expect(shown()).toMatch(/in per cent\.$/);
  await userEvent.keyboard('{Escape}');
  expect(shown()).toBeNull();
  page.get('explain-scene-free').click();
  expect(shown()).toMatch(/in metres/);
  page.get('play').click();
  expect(shown()).toBeNull();
  // One sentence, with its unit.
  for (const each of page.root.querySelectorAll<HTMLElement>('.explain'))
    expect(each.getAttribute('aria-description')).toMatch(/(per second|seconds|per cent|metres).*\.$/i);
});

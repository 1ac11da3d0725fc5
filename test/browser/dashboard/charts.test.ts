/** The charts of a room, as they are written on the canvas. */
import { afterEach, expect, test, vi } from 'vitest';
import { Charts } from '../../../src/dashboard/charts';
import { History } from '../../../src/dashboard/history';
import { speak } from '../../../src/words/words';
import { SOON } from '../../harness/soon';

afterEach(async () => {
  vi.restoreAllMocks();
  await speak('en');
});

test.each([
  ['de', '0,5'],
  ['en', '0.5'],
] as const)('figures on an axis are written in the language of the page: %s, %s', async (language, half) => {
  await speak(language);
  const writing = vi.spyOn(CanvasRenderingContext2D.prototype, 'fillText');
  const history = new History();
  history.link('Bus', {
    ...{ bytes: 0, lost: 0, roundTrip: 0, way: null, quality: null },
    ...{ delay: null, delayFrom: 'sending' as const, fromServer: null },
  });
  history.tick();
  history.tick();
  const charts = new Charts(history);
  document.body.append(charts.element);
  try {
    charts.update();
    await vi.waitFor(() => expect(writing.mock.calls.map(([text]) => text)).toContain(half), SOON);
  } finally {
    charts.dispose();
  }
});

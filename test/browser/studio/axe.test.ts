/** The page as assistive technology is given it: axe finds nothing on any of its main states. */
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { CarriagewayError, reportOf } from '../../../src/errors';
import { labelParts } from '../../../src/labels/label-parts';
import { ownModel } from '../../../src/studio/model/own-model';
import { fakeDraft } from '../../fakes/app';
import { requestOf } from '../../fakes/request';
import { openPage, type Page, report, settled } from './harness';

/** What axe complains of, as `rule: element`. A name must hold what is written on its control, too. */
async function complaints(page: Page): Promise<readonly string[]> {
  await settled();
  const { violations } = await axe.run(page.root, {
    resultTypes: ['violations'],
    rules: { 'label-content-name-mismatch': { enabled: true } },
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

const STATES: Readonly<Record<string, (page: Page) => void | Promise<void>>> = {
  'the drive': () => {},
  'all folds open': (page) => {
    page.app.context.view.toggleSplit();
    for (const fold of page.root.querySelectorAll('details')) fold.open = true;
  },
  'the menu of sources': (page) => page.app.context.page.toggleMenu('sources'),
  'the menu of models': (page) => page.app.context.page.toggleMenu('models'),
  'the sheet of keys': (page) => page.app.context.page.toggleMenu('keys'),
  'the editor of the region': (page) => {
    for (let i = 0; i < 3; i++) page.get('region-add').click();
    page.app.context.regions.edit(true);
  },
  'questions about a model': (page) =>
    page.app.context.store.update({ own: ownModel(new File([], 'own.onnx'), fakeDraft('own.onnx')) }),
  'a notice': (page) =>
    page.app.context.notices.show(reportOf(new CarriagewayError('camera-busy', 'in use'), 'camera-busy')),
  'a recording with labels, analysed': async (page) => {
    const { sources, compare, marks } = page.app.context;
    await sources.open(requestOf(new File(['x'], 'clip.mp4')));
    marks.toggle();
    await compare.openLabels(labelParts(new File(['PK'], 'labels.zip')), 'labels.zip');
    page.get('analyse').click();
    await settled();
  },
  'a drive of several cameras': async (page) => {
    const clips = (name: string) => [{ file: new File(['x'], name), clock: null }];
    const cameras = ['front', 'rear', 'left'].map((name) => ({ name, clips: clips(`${name}.mp4`) }));
    await page.app.context.sources.open({
      ...requestOf(new File(['x'], 'clip.mp4')),
      parts: { kind: 'cameras', cameras, offset: 0, event: null },
    });
    report(page);
  },
  'the menu of exports': async (page) => {
    await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
    page.get('export').click();
  },
};

test.each(Object.entries(STATES))('axe finds nothing on %s', async (_, open) => {
  const page = await openPage();
  report(page);
  await open(page);
  expect(await complaints(page)).toEqual([]);
});

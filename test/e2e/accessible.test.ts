/** The built page as assistive technology and demanding eyes are given it: names, live regions, zoom, colours, motion. */
import type { BrowserContextOptions, Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { axeComplaints, spokenTree } from '../harness/accessibility';
import { screenshot } from '../harness/browser';
import { at, waitForMasks } from '../harness/journey';
import { useTinyPage } from '../harness/tiny-page';

const tiny = useTinyPage();

async function open(context: BrowserContextOptions, query = '') {
  const watched = await tiny.browser.open(context);
  await watched.page.goto(`${tiny.server.url}?model=/models/tiny.json${query}`);
  await waitForMasks(watched.page);
  return watched;
}

const openFolds = (page: Page) =>
  page
    .locator('.panel details')
    .evaluateAll((folds) =>
      folds.map((fold) => fold.checkVisibility() && fold.toggleAttribute('open', true)),
    );

describe('axe finds nothing', () => {
  test.each([
    ['in the light theme', { colorScheme: 'light' }],
    ['in the dark theme', { colorScheme: 'dark' }],
    ['in German, on a phone', { locale: 'de', viewport: { width: 390, height: 844 } }],
  ] as const)('%s, with every fold open', async (_, context) => {
    await using watched = await open(context);
    const { page } = watched;
    expect(await axeComplaints(page)).toEqual([]);
    await openFolds(page);
    expect(await axeComplaints(page)).toEqual([]);
  });

  test.each([
    ['the page that measures', '?measure', 'light'],
    ['the page that measures, in the dark', '?measure', 'dark'],
    ['the door to live rooms', '?room', 'light'],
    ['a dashboard without its server', '?room=yard', 'light'],
    ['a dashboard without its server, in the dark', '?room=yard', 'dark'],
    ['a vehicle without its server', '?room=yard&publish=drive&name=Van', 'light'],
  ] as const)('on %s', async (_, query, colorScheme) => {
    await using watched = await tiny.browser.open({ colorScheme });
    const { page } = watched;
    await page.goto(`${tiny.server.url}${query}`);
    await page.locator('h1, h2').first().waitFor();
    expect(await axeComplaints(page)).toEqual([]);
  });

  test('on the page of a browser that cannot run the page', async () => {
    await using watched = await tiny.browser.open({ colorScheme: 'light' });
    const { page } = watched;
    await page.addInitScript('delete globalThis.VideoFrame');
    await page.goto(tiny.server.url);
    await at(page, 'needs').waitFor();
    expect(await axeComplaints(page)).toEqual([]);
  });
});

describe('in the accessibility tree', () => {
  test('all that takes the focus has a name, and the page’s parts are told apart', async () => {
    await using watched = await open({});
    const { page } = watched;
    await openFolds(page);
    const tree = await spokenTree(page);
    const nameless = tree.filter(
      ({ name, role, properties }) =>
        properties.focusable === true && name.trim() === '' && !/WebArea|generic/.test(role),
    );
    expect(nameless).toEqual([]);
    const has = (role: string, name: RegExp) =>
      tree.some((node) => node.role === role && name.test(node.name));
    expect(has('main', /^/)).toBe(true);
    expect(has('complementary', /^Legend and figures$/)).toBe(true);
    expect(has('heading', /^Carriageway$/)).toBe(true);
    expect(has('image', /^Segmented video: Simulated drive 1$/)).toBe(true);
    expect(has('button', /^(Pause|Play)$/)).toBe(true);
    expect(has('radio', /^Confidence$/)).toBe(true);
    const opacity = tree.find(({ role, name }) => role === 'slider' && /^Opacity/.test(name));
    expect(opacity?.properties.valuetext ?? opacity?.value).toMatch(/^\d+( per cent)?$/);
    const split = tree.find(({ role, name }) => role === 'button' && name === 'Split view');
    expect(split?.properties.pressed).toBe('false');
  });

  test('what happens is said politely: notices, what is waited for, and what the user’s own action did', async () => {
    await using watched = await open({}, '&mode=wrong');
    const { page } = watched;
    const live = async () =>
      (await spokenTree(page))
        .filter(({ properties }) => properties.live === 'polite')
        .map(({ role }) => role);
    expect(await live()).toContain('list');
    await page.keyboard.press('v');
    await expect.poll(() => at(page, 'spoken').textContent()).toBe('Split view on');
    expect(await at(page, 'spoken').getAttribute('aria-live')).toBe('polite');
    // Figures that change four times a second are no live region: nobody could listen to them.
    const hud = await at(page, 'hud-latency').evaluate((element) =>
      element.closest('[aria-live], [role=status]'),
    );
    expect(hud).toBeNull();
  });
});

/** Whether the page is wider than its window, and which controls lie outside of it without a way to scroll there. */
const outOfReach = (page: Page) =>
  page.evaluate(() => {
    const lost = [...document.querySelectorAll<HTMLElement>('button, select, input, summary, a[href]')]
      .filter((element) => element.checkVisibility() && !element.closest('.sr-only') && element.tabIndex >= 0)
      .filter((element) => {
        element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return left < -1 || right > innerWidth + 1 || top < -1 || bottom > innerHeight + 1;
      })
      .map((element) => element.outerHTML.slice(0, 120));
    return document.documentElement.scrollWidth > innerWidth ? ['the page is too wide', ...lost] : lost;
  });

test.each([
  ['200 %', { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 }],
  ['400 %', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
])('at %s of a screen of 1280 pixels everything is in reach', async (name, context) => {
  await using watched = await open(context);
  const { page } = watched;
  await screenshot(page, `zoom-${name.slice(0, 3)}`);
  await openFolds(page);
  expect(await outOfReach(page)).toEqual([]);
});

test('with forced colours switches still tell whether they are on, and the focus is seen', async () => {
  await using watched = await open({ forcedColors: 'active' });
  const { page } = watched;
  await at(page, 'split').click();
  await page.keyboard.press('Tab');
  await screenshot(page, 'forced-colours');
  const look = (id: string) =>
    at(page, id).evaluate((element) => {
      const { backgroundColor, borderTopColor, borderTopStyle, borderTopWidth } = getComputedStyle(element);
      return `${backgroundColor} ${borderTopColor} ${borderTopStyle} ${borderTopWidth}`;
    });
  expect(await look('split')).not.toBe(await look('region'));
  // Colours of classes are the data themselves: the system's own would make all of them the same.
  const swatches = await page
    .locator('.legend-row input[type=color]')
    .evaluateAll((inputs) => inputs.map((input) => getComputedStyle(input).forcedColorAdjust));
  expect(new Set(swatches)).toEqual(new Set(['none']));
});

test('where less motion is asked for nothing moves by itself', async () => {
  await using watched = await open({ reducedMotion: 'reduce' });
  const moving = await watched.page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter((element) => {
        const { transitionDuration, animationName, animationDuration } = getComputedStyle(element);
        const long = (text: string) => text.split(',').some((each) => Number.parseFloat(each) > 0.02);
        return long(transitionDuration) || (animationName !== 'none' && long(animationDuration));
      })
      .map((element) => element.outerHTML.slice(0, 100)),
  );
  expect(moving).toEqual([]);
});

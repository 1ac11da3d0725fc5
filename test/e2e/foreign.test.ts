/** PSPNets of other fields, brought as files: shown with their own names and colours. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foreignNetwork, INDOORS, LAND_USE, LESION, type Surface } from '../fixtures/networks/foreign';
import {
  type DrawnPicture,
  landPicture,
  roomPicture,
  skinPicture,
} from '../fixtures/networks/foreign-pictures';
import { encodePng } from '../fixtures/png';
import { screenshot, TestBrowser } from '../harness/browser';
import { at, drop, figure, PATIENCE, waitForFigure } from '../harness/journey';
import { servePage, type TestServer } from '../harness/serve';

const SIZE = { width: 480, height: 320 } as const;

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  server = await servePage();
  browser = await TestBrowser.launch({ webgpu: false });
});
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

const pngOf = ({ data, width, height }: DrawnPicture): Buffer =>
  encodePng(data, { width, height, colour: 6 });

test.each([
  ['land', LAND_USE, landPicture],
  ['lesion', LESION, skinPicture],
  ['room', INDOORS, roomPicture],
] as const)('%s', async (name, surfaces: readonly Surface[], drawn) => {
  await using watched = await browser.open();
  const { page } = watched;
  await page.goto(`${server.url}?engine=wasm`);
  const names = surfaces.map((surface) => surface.name);
  const network = foreignNetwork({
    surfaces,
    ...SIZE,
    free: true,
    metadata: { names: JSON.stringify(names) },
  });
  await drop(page, `${name}.onnx`, '', Buffer.from(network));
  await at(page, 'own-model').waitFor();
  await at(page, 'own-normalisation').selectOption('unit');
  // The file tells the names: they stand there.
  if ((await at(page, 'own-classes').inputValue()) !== 'own')
    await at(page, 'own-classes').selectOption('own');
  expect(await at(page, 'own-classes-names').inputValue()).toBe(names.join('; '));
  await at(page, 'own-load').click();
  await at(page, 'own-roles').waitFor();
  await screenshot(page, `foreign-${name}-roles`);
  await at(page, 'own-load').click();
  await expect
    .poll(async () => (await at(page, 'card-model').textContent()) ?? '', { timeout: PATIENCE })
    .toContain(name);
  await drop(page, `${name}.png`, 'image/png', pngOf(drawn(SIZE.width, SIZE.height, surfaces)));
  await expect.poll(() => at(page, 'source-title').textContent(), { timeout: PATIENCE }).toContain(name);
  const rows = page.locator('.legend-row label');
  await expect.poll(() => rows.count(), { timeout: PATIENCE }).toBe(surfaces.length);
  expect(await rows.allTextContents()).toEqual(names);
  await waitForFigure(page, 'hud-latency', (latency) => latency > 0);
  await screenshot(page, `foreign-${name}`);
  // The room has a road among its hundred and fifty; land and skin have none, and say so.
  const road = names.includes('road');
  expect(await at(page, 'no-road').count()).toBe(road ? 0 : 1);
  if (!road) expect(await figure(page, 'hud-drivable-share')).toBeNaN();
});

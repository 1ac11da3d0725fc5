/** Labels over the picture: left of the divider, or where the mask differs from them. */
import { describe, expect, test } from 'vitest';
import { DIFFERENCE_COLOURS } from '../../../src/overlay/difference';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { type HexColour, parseHex } from '../../../src/taxonomy/palette';
import { frameOf } from './scenes';
import { BACKENDS, drawn, openStage } from './stage';

const [WIDTH, HEIGHT] = [40, 20];
const GREY = { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT * 4).fill(100) };
/** Two cells: the mask says road to the left and sky to the right, the labels the other way round. */
const LABELLED = {
  map: { width: 2, height: 1, classes: Uint8Array.of(0, 8), drivable: Uint8Array.of(255, 0) },
  truth: { width: 2, height: 1, ids: Uint8Array.of(8, 0) },
};

describe.each(BACKENDS)('labels on %s', (backend) => {
  test('stand left of the divider, differences right of it, nothing when they are off', async () => {
    const { canvas, compositor } = await openStage(backend, WIDTH, HEIGHT);
    const frame = frameOf(GREY);
    compositor.show(frame, 0);
    frame.close();
    compositor.present(null);
    const look = async (): Promise<(x: number) => number[]> => {
      const pixels = await drawn(compositor, canvas);
      return (x) => [...pixels.slice((10 * WIDTH + x) * 4, (10 * WIDTH + x) * 4 + 3)];
    };
    const near = (pixel: readonly number[], hex: HexColour, cover: number): void => {
      parseHex(hex).forEach((channel, i) => {
        expect(Math.abs(pixel[i]! - (channel * cover + 100 * (1 - cover)))).toBeLessThan(6);
      });
    };
    compositor.showLabels(LABELLED);
    expect((await look())(10)).toEqual([100, 100, 100]);

    compositor.setView({ ...DEFAULT_VIEW, opacity: 1, labels: 'beside', split: 0.75 });
    const beside = await look();
    near(beside(10), DEFAULT_VIEW.colours[8]!, 1);
    near(beside(25), DEFAULT_VIEW.colours[0]!, 1);
    expect(beside(36)).toEqual([100, 100, 100]);

    compositor.setView({ ...DEFAULT_VIEW, labels: 'difference' });
    const differing = await look();
    near(differing(10), DIFFERENCE_COLOURS.invented, 220 / 255);
    near(differing(30), DIFFERENCE_COLOURS.missed, 220 / 255);
    compositor.setView({ ...DEFAULT_VIEW, labels: 'difference', split: 0.75 });
    const split = await look();
    expect(split(10)).toEqual([100, 100, 100]);
    near(split(36), DIFFERENCE_COLOURS.missed, 220 / 255);

    // The picture that comes without labels has none drawn.
    compositor.showLabels(null);
    expect((await look())(36)).toEqual([100, 100, 100]);
    await compositor.dispose();
  });
});

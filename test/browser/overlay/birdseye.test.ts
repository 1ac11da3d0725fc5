/** The road from above. */
import { describe, expect, test } from 'vitest';
import { stageLayout } from '../../../src/overlay/placement';
import { type BirdPlace, DEFAULT_VIEW } from '../../../src/overlay/view';
import { Scene, type SceneState } from '../../../src/scene/scene';
import { render, roadWorld, testCamera } from '../../unit/scene/synthetic';
import { frameOf } from './scenes';
import { BACKENDS, drawn, openStage } from './stage';

const camera = testCamera();
const SIZE = { width: camera.width, height: camera.height };
/** A picture that is red where the road is and blue elsewhere: what lies on the ground must be red. */
const map = render(roadWorld(), camera, { cells: { width: SIZE.width / 4, height: SIZE.height / 4 } });
const PICTURE = {
  ...SIZE,
  data: Uint8Array.from({ length: SIZE.width * SIZE.height * 4 }, (_, i) => {
    const cell = Math.floor(i / 4);
    const [x, y] = [cell % SIZE.width, Math.floor(cell / SIZE.width)];
    const road = map.classes[Math.floor(y / 4) * map.width + Math.floor(x / 4)] === 0;
    return [road ? 220 : 20, 20, road ? 20 : 220, 255][i % 4]!;
  }),
};

function state(): SceneState {
  const scene = new Scene({ from: camera.parameters, calibrate: false });
  return scene.update(render(roadWorld(), camera, { blur: 0.8 }), { timestamp: 0, epoch: 0, ...SIZE });
}

const viewOf = (bird: BirdPlace, birdVideo: boolean) => ({
  ...DEFAULT_VIEW,
  opacity: 0,
  scene: { ...DEFAULT_VIEW.scene, bird, birdVideo, boundary: false, path: false },
});

describe.each(BACKENDS)('on %s', (backend) => {
  test.each(['inset', 'docked'] as const)(
    '%s: the video lies on the ground where the road is',
    async (place) => {
      const { canvas, compositor } = await openStage(backend, SIZE.width, SIZE.height);
      const frame = frameOf(PICTURE);
      compositor.show(frame, 0);
      frame.close();
      const mask = { kind: 'pixels', data: new Uint8Array([0, 255, 255, 255]), width: 1, height: 1 } as const;
      compositor.present(mask);
      compositor.showScene(state(), null);
      compositor.setView(viewOf(place, true));
      const pixels = await drawn(compositor, canvas);
      const { bird, picture } = stageLayout(SIZE, SIZE, place);
      const metre = bird!.height / 50;
      /** Colour some metres ahead and to the side; 4 m of the view lie behind the camera. */
      const at = (x: number, z: number): number[] => {
        const px = Math.round(bird!.x + bird!.width / 2 + x * metre);
        const py = Math.round(bird!.y + bird!.height - (z + 4) * metre);
        return [...pixels.slice((py * SIZE.width + px) * 4, (py * SIZE.width + px) * 4 + 3)];
      };
      // The road is 7 m wide; ego lines lie at 0.9 m.
      const [red, , blue] = at(2.2, 9);
      expect(red).toBeGreaterThan(60);
      expect(red! - blue!).toBeGreaterThan(40);
      const [offRed, , offBlue] = at(5.5, 12);
      expect(offBlue! - offRed!).toBeGreaterThan(20);
      // It fades: the same road is fainter far away.
      expect(at(2.2, 30)[0]!).toBeLessThan(red!);
      if (place === 'docked') expect(picture.width + bird!.width).toBeLessThanOrEqual(SIZE.width);

      // Switched off, the picture has its place again.
      compositor.setView(viewOf('off', false));
      const without = await drawn(compositor, canvas);
      const corner = ((SIZE.height - 3) * SIZE.width + SIZE.width - 3) * 4;
      expect(without[corner]! + without[corner + 2]!).toBeGreaterThan(200);
      await compositor.dispose();
    },
  );
});

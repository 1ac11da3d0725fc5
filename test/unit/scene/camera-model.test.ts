import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import { CAMERA_LIMITS, CameraModel, type CameraParameters } from '../../../src/scene/camera-model';
import { CAMERA_PRESETS, type CameraPresetName, presetCamera } from '../../../src/scene/camera-presets';

const within = ([min, max]: readonly [number, number]) => fc.double({ min, max, noNaN: true });
const anyCamera: fc.Arbitrary<CameraModel> = fc
  .record({
    height: within(CAMERA_LIMITS.height),
    pitch: within(CAMERA_LIMITS.pitch),
    yaw: within(CAMERA_LIMITS.yaw),
    roll: within(CAMERA_LIMITS.roll),
    hfov: within(CAMERA_LIMITS.hfov),
    width: fc.integer({ min: 64, max: 4096 }),
    pictureHeight: fc.integer({ min: 64, max: 4096 }),
  })
  .map(({ width, pictureHeight, ...parameters }) => new CameraModel(parameters, width, pictureHeight));
const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe('geometry', () => {
  test('image to ground to image comes back within 0.01 px, for any camera and any pixel under the horizon', () => {
    fc.assert(
      fc.property(anyCamera, unit, unit, (camera, x, y) => {
        const pixel = { x: x * camera.width, y: y * camera.height };
        const ground = camera.imageToGround(pixel);
        if (!ground) return;
        const back = camera.groundToImage(ground)!;
        expect(Math.hypot(back.x - pixel.x, back.y - pixel.y)).toBeLessThan(0.01);
      }),
      { numRuns: 2000 },
    );
  });

  test('the homography of the ground says the same as the camera, for any camera and any point before it', () => {
    const metres = fc.double({ min: -60, max: 60, noNaN: true });
    fc.assert(
      fc.property(anyCamera, metres, metres, (camera, x, z) => {
        const pixel = camera.groundToImage({ x, z });
        const [a, b, c, d, e, f, g, h, i] = camera.groundHomography();
        const w = g * x + h * z + i;
        expect(pixel === null).toBe(w < 1e-6);
        // Close to the camera's own plane pixels run off to infinity, and rounding with them.
        if (!pixel || w < 0.05) return;
        expect((a * x + b * z + c) / w).toBeCloseTo(pixel.x, 4);
        expect((d * x + e * z + f) / w).toBeCloseTo(pixel.y, 4);
      }),
      { numRuns: 1000 },
    );
  });

  test('a pixel meets the ground exactly when it lies below the horizon line', () => {
    fc.assert(
      fc.property(anyCamera, unit, unit, (camera, x, y) => {
        const pixel = { x: x * camera.width, y: y * camera.height };
        const { a, b, c } = camera.horizon();
        const below = a * pixel.x + b * pixel.y + c;
        // Next to the line, the ground is farther than the model answers for.
        fc.pre(Math.abs(below) > camera.focal * 1e-3);
        expect(camera.imageToGround(pixel) !== null).toBe(below > 0);
      }),
    );
  });

  test('parallel lines along the road meet at the vanishing point, which lies on the horizon', () => {
    fc.assert(
      fc.property(anyCamera, fc.double({ min: -5, max: 5, noNaN: true }), (camera, x) => {
        const vanishing = camera.vanishingPoint();
        const far = camera.groundToImage({ x, z: 1e9 });
        if (!vanishing || !far) return;
        const { a, b, c } = camera.horizon();
        expect(Math.abs(a * vanishing.x + b * vanishing.y + c)).toBeLessThan(1e-6 * camera.focal);
        expect(Math.hypot(far.x - vanishing.x, far.y - vanishing.y)).toBeLessThan(1e-4 * camera.focal);
      }),
    );
  });

  const level: CameraParameters = { height: 1.5, pitch: 0, yaw: 0, roll: 0, hfov: Math.PI / 2 };

  test('a level camera sees the ground at focal × height / rows below the middle', () => {
    const camera = new CameraModel(level, 200, 100);
    expect(camera.focal).toBeCloseTo(100);
    const ground = camera.imageToGround({ x: 120, y: 60 })!;
    expect(ground.z).toBeCloseTo(15);
    expect(ground.x).toBeCloseTo(3);
    expect(camera.groundToImage({ x: 0, z: 15 }, 1.5)!.y).toBeCloseTo(50);
  });

  test('signs: looking down lifts the horizon, looking right moves the road to the left, leaning right lifts the right end', () => {
    const middle = (change: Partial<CameraParameters>) => new CameraModel({ ...level, ...change }, 200, 100);
    expect(middle({ pitch: 0.1 }).vanishingPoint()!.y).toBeLessThan(50);
    expect(middle({ yaw: 0.1 }).vanishingPoint()!.x).toBeLessThan(100);
    const { a, b, c } = middle({ roll: 0.1 }).horizon();
    expect(-(a * 200 + c) / b).toBeLessThan(-c / b);
  });

  test('upside down, the ground is in the upper half', () => {
    const camera = new CameraModel({ ...level, roll: Math.PI }, 200, 100);
    expect(camera.imageToGround({ x: 100, y: 90 })).toBeNull();
    expect(camera.imageToGround({ x: 100, y: 10 })!.z).toBeGreaterThan(0);
  });

  test('distance uncertainty is the finite difference of distance in pitch, in height and in rows', () => {
    const camera = new CameraModel(level, 1000, 1000);
    const pixel = camera.groundToImage({ x: 0, z: 20 })!;
    const moved = (change: Partial<CameraParameters>, dy = 0) =>
      new CameraModel({ ...level, ...change }, 1000, 1000).imageToGround({ x: pixel.x, y: pixel.y + dy })!.z -
      20;
    const none = { pitch: 0, height: 0 };
    expect(camera.distanceUncertainty(20, 0, { ...none, pitch: 1e-4 })).toBeCloseTo(
      Math.abs(moved({ pitch: 1e-4 })),
      3,
    );
    expect(camera.distanceUncertainty(20, 0, { ...none, height: 0.01 })).toBeCloseTo(
      Math.abs(moved({ height: 1.51 })),
      6,
    );
    // Rows are turned into an angle at the picture's middle, where one pixel spans 1 / focal.
    expect(camera.distanceUncertainty(20, 0.1, none) / Math.abs(moved({}, 0.1))).toBeCloseTo(1, 1);
  });
});

describe('at the door', () => {
  test.each([
    ['height', 0],
    ['height', Number.NaN],
    ['pitch', 2],
    ['yaw', -2],
    ['roll', 4],
    ['hfov', 3.1],
  ] as const)('%s of %s is refused by name', (field, value) => {
    const wrong = { ...presetCamera('phone', 1280, 720), [field]: value };
    expect(() => new CameraModel(wrong, 1280, 720)).toThrow(CarriagewayError);
    try {
      new CameraModel(wrong, 1280, 720);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'camera-model-invalid', detail: expect.stringContaining(field) });
    }
  });

  test('an empty picture is refused', () => {
    expect(() => new CameraModel(presetCamera('phone', 16, 9), 0, 9)).toThrow(CarriagewayError);
  });

  test.each(Object.keys(CAMERA_PRESETS) as CameraPresetName[])(
    'preset %s is valid in landscape and portrait, with the same focal length',
    (name) => {
      const landscape = new CameraModel(presetCamera(name, 1920, 1080), 1920, 1080);
      const portrait = new CameraModel(presetCamera(name, 1080, 1920), 1080, 1920);
      expect(portrait.focal).toBeCloseTo(landscape.focal, 6);
      const ahead = landscape.groundToImage({ x: 0, z: 15 })!;
      expect(ahead.y).toBeGreaterThan(540);
      expect(ahead.y).toBeLessThan(1080);
    },
  );
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRIVE_CARS, DRIVE_MOODS, type DriveLook, type DriveMood } from '../../../src/drive/options';
import { DriveRenderer } from '../../../src/drive/render/renderer';
import { CLASS_COUNT, CLASSES, VOID_CLASS } from '../../../src/taxonomy/classes';

/** Small: the renderer here is a processor. */
const [WIDTH, HEIGHT] = [160, 96];
const SKY = 8;

let renderer: DriveRenderer;

beforeAll(() => {
  renderer = new DriveRenderer(new OffscreenCanvas(WIDTH, HEIGHT), 1, 'low');
});

afterAll(() => {
  renderer.dispose();
});

function show(seed: number, mood?: DriveMood): void {
  if (mood) renderer.turnInto(seed, { mood });
  else renderer.turnInto(seed);
}

/** Mean of the three channels over the pixels of a class; NaN when there is none. */
function brightness(rgba: Uint8ClampedArray, ids: Uint8Array, wanted: (id: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < ids.length; i++) {
    if (!wanted(ids[i]!)) continue;
    sum += (rgba[i * 4]! + rgba[i * 4 + 1]! + rgba[i * 4 + 2]!) / 3;
    count++;
  }
  return sum / count;
}

describe('class ids', () => {
  test('are ids of the taxonomy and nothing else; over a few streets every class comes', () => {
    const seen = new Set<number>();
    for (const [seed, seconds] of [
      [1, 2],
      [2, 6],
      [3, 9],
      [5, 4],
      [6, 12],
    ] as const) {
      renderer.turnInto(seed, { car: 'bonnet' });
      for (const id of renderer.readIds(seconds, 480, 288)) seen.add(id);
    }
    // Void where the taxonomy has no class for the own car.
    expect([...seen].every((id) => id < CLASS_COUNT || id === VOID_CLASS)).toBe(true);
    expect(CLASSES.filter((c) => !seen.has(c.id)).map((c) => c.name)).toEqual([]);
  });

  test('lie on the picture: sky is bright and on top, road is grey and below', () => {
    for (const seed of [1, 4, 6]) {
      show(seed, 'sun');
      const rgba = renderer.readPicture(5, WIDTH, HEIGHT);
      const ids = renderer.readIds(5, WIDTH, HEIGHT);
      const sky = brightness(rgba, ids, (id) => id === SKY);
      const road = brightness(rgba, ids, (id) => id === 0);
      expect(sky).toBeGreaterThan(150);
      expect(sky).toBeGreaterThan(road + 30);
      const rows = (id: number): number[] =>
        [...ids.keys()].filter((i) => ids[i] === id).map((i) => Math.floor(i / WIDTH));
      const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
      expect(mean(rows(SKY))).toBeLessThan(mean(rows(0)) - HEIGHT / 4);
    }
  });

  test('have their edges where the picture has them', () => {
    show(1, 'sun');
    const rgba = renderer.readPicture(5, WIDTH, HEIGHT);
    const ids = renderer.readIds(5, WIDTH, HEIGHT);
    const luma = (i: number): number => rgba[i * 4]! * 0.3 + rgba[i * 4 + 1]! * 0.6 + rgba[i * 4 + 2]! * 0.1;
    let [across, acrossCount, within, withinCount] = [0, 0, 0, 0];
    for (let y = 0; y + 1 < HEIGHT; y++)
      for (let x = 0; x < WIDTH; x++) {
        const [a, b] = [y * WIDTH + x, (y + 1) * WIDTH + x];
        const border = (ids[a] === SKY) !== (ids[b] === SKY);
        const step = Math.abs(luma(a) - luma(b));
        if (border) {
          across += step;
          acrossCount++;
        } else if (ids[a] === SKY) {
          within += step;
          withinCount++;
        }
      }
    expect(acrossCount).toBeGreaterThan(40);
    expect(across / acrossCount).toBeGreaterThan(5 * (within / withinCount));
  });
});

describe('programs', () => {
  test('are all asked for before the first picture', () => {
    const fresh = new DriveRenderer(new OffscreenCanvas(WIDTH, HEIGHT), 1, 'low', { mood: 'sun' });
    const { programs } = fresh.live;
    fresh.draw(0, WIDTH, HEIGHT);
    expect(fresh.live.programs).toBe(programs);
    fresh.dispose();
  });
});

describe('a live moment where a program draws', () => {
  test.each([
    [1, { mood: 'sun', car: 'bonnet' }],
    [4, { mood: 'snow-night' }],
  ] as const)('of street %i has the ids of a drawing of their own', async (seed, look) => {
    expect(renderer.software, 'no program draws here').toBe(true);
    renderer.turnInto(seed, look);
    const [size, truth] = [
      { width: 480, height: 270 },
      { width: 160, height: 90 },
    ];
    const { rgba, ids } = await renderer.readMomentSoon(7, size, truth);
    expect(rgba).toHaveLength(size.width * size.height * 4);
    const expected = renderer.readIds(7, size.width, size.height);
    let [same, labelled] = [0, 0];
    for (const [i, id] of ids!.entries()) {
      // The middle one of three by three.
      const [x, y] = [3 * (i % truth.width) + 1, 3 * Math.floor(i / truth.width) + 1];
      const drawn = expected[y * size.width + x]!;
      // Cables have no class.
      if (id === VOID_CLASS && drawn !== VOID_CLASS) continue;
      labelled++;
      if (id === drawn) same++;
    }
    expect(labelled / ids!.length).toBeGreaterThan(0.97);
    expect(same / labelled).toBeGreaterThan(0.995);
    expect((await renderer.readMomentSoon(7, { width: 48, height: 27 }, null)).ids).toBeNull();
  });
});

describe('a moment', () => {
  test('is the same pixels and ids whenever it is drawn', () => {
    show(3);
    const [picture, ids] = [renderer.readPicture(7, WIDTH, HEIGHT), renderer.readIds(7, WIDTH, HEIGHT)];
    renderer.readPicture(60, WIDTH, HEIGHT);
    show(2);
    show(3);
    expect(renderer.readIds(7, WIDTH, HEIGHT)).toEqual(ids);
    expect(renderer.readPicture(7, WIDTH, HEIGHT)).toEqual(picture);
    expect(renderer.readIds(7.5, WIDTH, HEIGHT)).not.toEqual(ids);
  });

  test('looks different in every mood', () => {
    const means = DRIVE_MOODS.map((mood) => {
      show(2, mood);
      const rgba = renderer.readPicture(6, WIDTH, HEIGHT);
      const mean = [0, 1, 2].map(
        (c) => rgba.reduce((sum, v, i) => (i % 4 === c ? sum + v : sum), 0) / (WIDTH * HEIGHT),
      );
      return mean;
    });
    for (const [i, a] of means.entries())
      for (const b of means.slice(i + 1))
        expect(Math.max(...a.map((v, c) => Math.abs(v - b[c]!)))).toBeGreaterThan(4);
  });
});

describe('weather and car', () => {
  const ids = (look: DriveLook): Uint8Array => {
    renderer.turnInto(4, look);
    return renderer.readIds(9, WIDTH, HEIGHT);
  };

  test('change no label of the street: whatever falls or shines, what stands there is the same', () => {
    const dry = ids({ mood: 'sun' });
    // Wipers are the own car's; in snow and fog they rest.
    for (const mood of ['overcast', 'night', 'snow', 'snow-night', 'fog'] as const)
      expect(ids({ mood }), mood).toEqual(dry);
  });

  test.each(DRIVE_CARS)('own car %s: its pixels are its own, all others the street’s', (car) => {
    const street = ids({ mood: 'sun' });
    const seen = ids({ mood: 'sun', car });
    const changed = [...seen.keys()].filter((i) => seen[i] !== street[i]);
    expect(new Set(changed.map((i) => seen[i])).size).toBe(car === 'none' ? 0 : 1);
    expect(changed.length / seen.length).toBeGreaterThanOrEqual(car === 'none' ? 0 : 0.05);
    expect(changed.length / seen.length).toBeLessThan(0.45);
    // Below the middle of the picture only, but for pillars and mirrors at its sides.
    const middle = changed.filter((i) => i % WIDTH > WIDTH * 0.15 && i % WIDTH < WIDTH * 0.85);
    expect(middle.every((i) => i / WIDTH > HEIGHT / 2)).toBe(true);
  });

  test('a wiper crosses the glass in rain, and is labelled where it is drawn', () => {
    renderer.turnInto(4, { mood: 'rain' });
    const frames = [0.2, 0.4, 0.6].map((t) => renderer.readIds(26 + t, WIDTH, HEIGHT));
    const street = ids({ mood: 'sun' });
    const blades = frames.map((frame) => frame.reduce((sum, id) => sum + (id > 11 ? 1 : 0), 0));
    expect(street.every((id) => id <= 11)).toBe(true);
    for (const blade of blades) expect(blade).toBeGreaterThan(20);
  });

  test('by night the road is lit before the car and dark far ahead', () => {
    renderer.turnInto(3, { mood: 'night' });
    const rgba = renderer.readPicture(9, WIDTH, HEIGHT);
    const lit = renderer.readIds(9, WIDTH, HEIGHT);
    const near = brightness(
      rgba,
      lit.map((id, i) => (i / WIDTH > HEIGHT * 0.75 ? id : 255)),
      (id) => id === 0,
    );
    const sky = brightness(rgba, lit, (id) => id === SKY);
    expect(near).toBeGreaterThan(sky);
    expect(sky).toBeLessThan(70);
  });

  test('a lens changes how much is seen', () => {
    const sky = (look: DriveLook): number => ids(look).reduce((sum, id) => sum + (id === SKY ? 1 : 0), 0);
    const [own, narrow, wide] = [sky({}), sky({ lens: 'narrow' }), sky({ lens: 'wide' })];
    expect(new Set([own, narrow, wide]).size).toBe(3);
  });
});

describe('a long drive', () => {
  test('holds as many geometries and textures after a kilometre as before, and gives all back', () => {
    show(4);
    const drive = (from: number): { geometries: number; textures: number } => {
      let most = 0;
      for (let seconds = from; seconds < from + 60; seconds += 6) {
        renderer.readIds(seconds, 32, 20);
        most = Math.max(most, renderer.live.geometries);
      }
      return { geometries: most, textures: renderer.live.textures };
    };
    drive(0); // actors' geometries are made on first sight and kept
    const early = drive(60);
    const late = drive(400);
    expect(late.textures).toBe(early.textures);
    // Sections differ in how many kinds of mesh they need, and new faces may still come: some room, no growth.
    expect(late.geometries).toBeLessThan(early.geometries + 60);
    const before = renderer.live.geometries;
    show(5);
    renderer.readIds(1, 32, 20);
    expect(renderer.live.geometries).toBeLessThan(before);
  });
});

test('a drive without WebGL 2 fails with its own code', () => {
  const canvas = new OffscreenCanvas(16, 16);
  canvas.getContext('2d'); // taken: no other context can be had
  expect(() => new DriveRenderer(canvas, 1, 'low')).toThrow(
    expect.objectContaining({ code: 'drive-failed' }),
  );
});

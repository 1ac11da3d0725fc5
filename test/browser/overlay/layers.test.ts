/** Objects of other rooms over the picture. */
import {
  BufferGeometry,
  DoubleSide,
  Line,
  LineBasicNodeMaterial,
  Mesh,
  MeshBasicNodeMaterial,
  PlaneGeometry,
  Vector3,
} from 'three/webgpu';
import { describe, expect, test } from 'vitest';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { layerColour } from './layer-colour';
import { frameOf, pixelsOf } from './scenes';
import { BACKENDS, drawn, openStage } from './stage';

/** A picture of one grey; its unused fourth channel is as odd as real ones are. */
const GREY = { width: 40, height: 20, data: new Uint8Array(40 * 20 * 4).fill(100) };

describe.each(BACKENDS)('on %s', (backend) => {
  test('lie in picture coordinates, over the picture, and end with it', async () => {
    // The picture takes the middle: x 10 to 90, y 0 to 40.
    const { canvas, compositor } = await openStage(backend, 100, 40);
    const frame = frameOf(GREY);
    compositor.show(frame, 0);
    frame.close();
    compositor.present(null);
    // From the picture's centre to far beyond its right edge, upper half.
    const geometry = new PlaneGeometry(2, 0.5);
    const material = new MeshBasicNodeMaterial({ color: layerColour('#c84020') });
    const mesh = new Mesh(geometry, material);
    mesh.position.set(1.5, 0.25, 0);
    compositor.layers.add(mesh);
    const at = (pixels: Uint8ClampedArray, x: number, y: number): number[] => [
      ...pixels.slice((y * 100 + x) * 4, (y * 100 + x) * 4 + 3),
    ];
    let pixels = await drawn(compositor, canvas);
    const [grey, colour] = [
      [100, 100, 100],
      [0xc8, 0x40, 0x20],
    ];
    expect(at(pixels, 48, 10)).toEqual(grey);
    expect(at(pixels, 52, 10)).toEqual(colour);
    expect(at(pixels, 88, 18)).toEqual(colour);
    expect(at(pixels, 88, 22)).toEqual(grey);
    expect(at(pixels, 95, 10)[0]).toBeLessThan(30);

    // The raw side of the split has no layers.
    compositor.setView({ ...DEFAULT_VIEW, split: 0.75 });
    pixels = await drawn(compositor, canvas);
    expect(at(pixels, 60, 10)).toEqual(grey);
    expect(at(pixels, 80, 10)).toEqual(colour);

    // Snapshots follow suit.
    compositor.setView(DEFAULT_VIEW);
    for (const [overlay, expected] of [
      [true, colour],
      [false, grey],
    ] as const) {
      const bitmap = await createImageBitmap(await compositor.snapshot(overlay));
      const copy = pixelsOf(bitmap);
      expect([...copy.slice((4 * 40 + 30) * 4, (4 * 40 + 30) * 4 + 3)]).toEqual(expected);
      bitmap.close();
    }

    compositor.layers.remove(mesh);
    expect(at(await drawn(compositor, canvas), 52, 10)).toEqual(grey);
    geometry.dispose();
    material.dispose();
    await compositor.dispose();
  });

  test('lines and transparent meshes blend in screen colours', async () => {
    const { canvas, compositor } = await openStage(backend, 40, 20);
    const frame = frameOf(GREY);
    compositor.show(frame, 0);
    frame.close();
    const veil = new Mesh(
      new PlaneGeometry(1, 0.5),
      new MeshBasicNodeMaterial({
        color: layerColour('#ffffff'),
        transparent: true,
        opacity: 0.5,
        side: DoubleSide,
      }),
    );
    veil.position.set(0.5, 0.75, 0);
    const line = new Line(
      new BufferGeometry().setFromPoints([new Vector3(0, 0.225, 0), new Vector3(1, 0.225, 0)]),
      new LineBasicNodeMaterial({ color: layerColour('#00ff00') }),
    );
    compositor.layers.add(veil);
    compositor.layers.add(line);
    const pixels = await drawn(compositor, canvas);
    const at = (x: number, y: number) => [...pixels.slice((y * 40 + x) * 4, (y * 40 + x) * 4 + 3)];
    expect(Math.abs(at(20, 15)[0]! - 178)).toBeLessThanOrEqual(1);
    expect(at(20, 4)).toEqual([0, 255, 0]);
    expect(at(20, 7)).toEqual([100, 100, 100]);
    for (const object of [veil, line]) {
      compositor.layers.remove(object);
      object.geometry.dispose();
      object.material.dispose();
    }
    await compositor.dispose();
  });
});

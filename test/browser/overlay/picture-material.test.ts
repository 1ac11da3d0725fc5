import { DataTexture } from 'three/webgpu';
import { describe, expect, test } from 'vitest';
import { PictureMaterial, type PictureSetup } from '../../../src/overlay/material';
import { paintOf } from '../../../src/overlay/paint';
import { DEFAULT_VIEW } from '../../../src/overlay/view';

const texture = () => new DataTexture(new Uint8Array(4), 1, 1);

const BARE: PictureSetup = {
  picture: texture(),
  stored: { width: 64, height: 36 },
  rotation: 0,
  mask: null,
  painted: null,
  paint: paintOf(DEFAULT_VIEW),
  rect: { x: 0, y: 0, width: 64, height: 36 },
};
const PAINTED: PictureSetup = { ...BARE, painted: texture() };

describe('the shader of a picture', () => {
  test('is the same before its first mask, where the processor paints', () => {
    const material = new PictureMaterial(texture(), true);
    expect(material.prepare(BARE)).toBe(material.prepare(PAINTED));
    // With a line across it is another one.
    const split = { ...BARE, paint: { ...BARE.paint, divider: 0.5 } };
    expect(material.prepare(split)).not.toBe(material.prepare(PAINTED));
    material.dispose();
  });

  test('is one of its own where a GPU paints', () => {
    const material = new PictureMaterial(texture(), false);
    expect(material.prepare(BARE)).not.toBe(material.prepare(PAINTED));
    material.dispose();
  });
});

/**
 * The material of the picture: video, paint, outline and divider in a single draw. Holds what the shader reads, and one
 * compiled shader for each variant that was needed so far.
 */
import { DataTexture, NearestFilter, NodeMaterial, type Texture } from 'three/webgpu';
import type { Rotation } from '../media/size';
import { type Rect, type Size, uprightSize } from '../media/size';
import { type PictureInputs, pictureFragment, pictureInputs, type Variant } from './fragment';
import { COLOUR_SLOTS, type Paint, strokeScale } from './paint';
import { TURN_MAPS, tapOffset } from './placement';

/** A picture, its mask and how they are to be drawn. */
export interface PictureSetup {
  readonly picture: Texture;
  /** Size of the stored pixels. */
  readonly stored: Size;
  readonly rotation: Rotation;
  /** Null leaves the picture unpainted. */
  readonly mask: { readonly texture: Texture; readonly size: Size } | null;
  /** What the processor has painted of the mask, in its place. */
  readonly painted: Texture | null;
  readonly paint: Paint;
  /** Place on the canvas. */
  readonly rect: Rect;
}

function colourTable(): DataTexture {
  const table = new DataTexture(new Uint8Array(COLOUR_SLOTS * 4), COLOUR_SLOTS, 1);
  table.minFilter = NearestFilter;
  table.magFilter = NearestFilter;
  table.needsUpdate = true;
  return table;
}

/** A texture through which all is seen. */
function clearTexture(): Texture {
  const texture = new DataTexture(new Uint8Array(4), 1, 1);
  texture.needsUpdate = true;
  return texture;
}

/** Shaders of the picture by variant. At most 32 can come up; a session sees a handful. */
export class PictureMaterial {
  readonly #inputs: PictureInputs;
  readonly #colours = colourTable();
  /** What the table holds. */
  #coloured: Paint['colours'] | null = null;
  readonly #materials = new Map<string, NodeMaterial>();
  /** Paint of no mask at all. */
  readonly #unpainted: Texture | null;

  /**
   * @param blank bound where a variant has no picture or mask yet
   * @param software whether a program draws
   */
  constructor(
    blank: Texture,
    private readonly software: boolean,
  ) {
    this.#inputs = pictureInputs(blank, this.#colours);
    this.#unpainted = software ? clearTexture() : null;
  }

  /** Sets everything the shader reads. Returns the material to draw with, owned here. */
  prepare({ picture, stored, rotation, mask, painted, paint, rect }: PictureSetup): NodeMaterial {
    const inputs = this.#inputs;
    const upright = uprightSize(stored, rotation);
    const scale = Math.max(upright.width / rect.width, upright.height / rect.height);
    const offset = tapOffset(scale, this.software);
    const [xu, xv, x0, yu, yv, y0] = TURN_MAPS[rotation];
    inputs.picture.value = picture;
    inputs.turnX.value.set(xu, xv, x0);
    inputs.turnY.value.set(yu, yv, y0);
    inputs.taps.value.set(offset / upright.width, offset / upright.height);
    inputs.width.value = rect.width;
    inputs.strokeScale.value = strokeScale(rect.width);
    // A picture before its first mask has the shader of those behind it: a program takes its time over each.
    const paper = painted ?? (!mask && paint.divider < 0 ? this.#unpainted : null);
    if (paper) {
      inputs.painted.value = paper;
      return this.#material({ paint: 'painted', outline: false, split: false, shrunk: offset > 0 });
    }
    if (mask) {
      inputs.mask.value = mask.texture;
      inputs.maskSize.value.set(mask.size.width, mask.size.height);
      inputs.perPixel.value.set(mask.size.width / rect.width, mask.size.height / rect.height);
    }
    inputs.opacity.value = paint.opacity;
    inputs.from.value = paint.from;
    inputs.divider.value = paint.divider;
    inputs.road.value.set(paint.road[0], paint.road[1], paint.road[2]);
    inputs.outline.value.set(...paint.outline);
    this.#colour(paint.colours);
    const unpainted = !mask || paint.opacity === 0;
    return this.#material({
      paint: unpainted ? 'none' : paint.mode,
      outline: !unpainted && paint.outline[3] > 0,
      split: paint.divider >= 0,
      shrunk: offset > 0,
    });
  }

  dispose(): void {
    this.#colours.dispose();
    this.#unpainted?.dispose();
    for (const material of this.#materials.values()) material.dispose();
    this.#materials.clear();
  }

  #colour(colours: Paint['colours']): void {
    if (colours === this.#coloured) return;
    this.#coloured = colours;
    const texels = this.#colours.image.data as Uint8Array;
    colours.forEach(([red, green, blue, alpha], id) => {
      // Premultiplied, as the shader adds shares of them up.
      texels.set(
        [red * alpha, green * alpha, blue * alpha, alpha].map((v) => Math.round(v * 255)),
        id * 4,
      );
    });
    this.#colours.needsUpdate = true;
  }

  #material(variant: Variant): NodeMaterial {
    const key = `${variant.paint} ${variant.outline} ${variant.split} ${variant.shrunk}`;
    let material = this.#materials.get(key);
    if (!material) {
      material = new NodeMaterial();
      material.depthTest = false;
      material.depthWrite = false;
      material.lights = false;
      material.fog = false;
      material.fragmentNode = pictureFragment(this.#inputs, variant);
      this.#materials.set(key, material);
    }
    return material;
  }
}

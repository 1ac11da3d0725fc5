/** The street's few materials: one for each way of drawing and each pass. */
import {
  type DataArrayTexture,
  DoubleSide,
  FrontSide,
  GLSL3,
  type IUniform,
  Matrix4,
  NoBlending,
  NormalBlending,
  ShaderMaterial,
  type Texture,
  Vector2,
  Vector3,
} from 'three';
import { ownId } from '../../taxonomy/classes';
import type { DriveQuality } from '../options';
import { LAYER_INDEX } from '../textures/layers';
import { type LightUniforms, lightUniforms } from './lights';
import type { Light } from './mood';
import type { MeshKind } from './section-meshes';
import depthSource from './shaders/depth.frag.glsl?raw';
import domeSource from './shaders/dome.frag.glsl?raw';
import idsSource from './shaders/ids.frag.glsl?raw';
import nightSource from './shaders/night.glsl?raw';
import screenSource from './shaders/screen.vert.glsl?raw';
import skySource from './shaders/sky.glsl?raw';
import streetFragment from './shaders/street.frag.glsl?raw';
import streetVertex from './shaders/street.vert.glsl?raw';

/** Side of the shadow map: 9 cm a texel over its 92 m. */
export const SHADOW_SIZE = 1024;

/** The passes in which the street is drawn. */
export type Pass = 'colour' | 'depth' | 'ids';

/** Uniforms shared by all street materials: set once a frame. */
export interface StreetUniforms extends LightUniforms {
  [name: string]: IUniform;
  readonly uLayers: IUniform<DataArrayTexture>;
  readonly uShadowMap: IUniform<Texture | null>;
  readonly uShadowMatrix: IUniform<Matrix4>;
  readonly uGroundOffset: IUniform<Vector2>;
  readonly uUnproject: IUniform<Matrix4>;
  readonly uDrift: IUniform<number>;
  readonly uLane: IUniform<number>;
  /** What the wet road mirrors, and the size of the picture's pixels. */
  readonly uMirror: IUniform<Texture | null>;
  readonly uPixel: IUniform<Vector2>;
}

/** Lamps that a fragment looks at. */
const LIGHTS: Readonly<Record<DriveQuality, number>> = { low: 6, normal: 10 };

/** What a street can have that needs programs of its own. */
export interface Outfit {
  /** Whether there is a shadow map to look into. */
  readonly shadows: boolean;
  /** Whether the ground may shine. */
  readonly wet: boolean;
  /** Whether lamps light the street. */
  readonly night: boolean;
  readonly snow: boolean;
}

/** What a light asks for. */
export function outfitOf(light: Light): Outfit {
  return { shadows: castsShadows(light), wet: light.wet > 0, night: light.dark > 0, snow: light.snow > 0 };
}

function uniformsOf(layers: DataArrayTexture, quality: DriveQuality): StreetUniforms {
  return {
    ...lightUniforms(LIGHTS[quality]),
    uLayers: { value: layers },
    uShadowMap: { value: null },
    uShadowMatrix: { value: new Matrix4() },
    uGroundOffset: { value: new Vector2() },
    uUnproject: { value: new Matrix4() },
    uDrift: { value: 0 },
    uLane: { value: 3.4 },
    uMirror: { value: null },
    uPixel: { value: new Vector2() },
    uSnow: { value: 0 },
    uSun: { value: new Vector3() },
    uSunColour: { value: new Vector3() },
    uZenith: { value: new Vector3() },
    uHorizon: { value: new Vector3() },
    uBounce: { value: new Vector3() },
    uAmbient: { value: 0 },
    uHaze: { value: 0 },
    uWet: { value: 0 },
    uLamps: { value: 0 },
    uClouds: { value: 0 },
  };
}

/** Whether the sun is strong enough for shadows. */
function castsShadows(light: Light): boolean {
  return light.sunColour[0] > 0.4;
}

/** All materials of a street. Owns them; `dispose` releases the programs. */
export class StreetMaterials {
  readonly uniforms: StreetUniforms;
  readonly dome: ShaderMaterial;
  readonly #byPass: Readonly<Record<Pass, Readonly<Record<MeshKind, ShaderMaterial>>>>;

  /**
   * @param layers the texture array; stays the caller's
   * @param quality `low` looks at one texel of the shadow map and no mirror, `normal` at four
   * @param labelled whether the colour pass writes class ids into a second texture
   */
  constructor(layers: DataArrayTexture, outfit: Outfit, quality: DriveQuality, labelled: boolean) {
    const { shadows, wet, night, snow } = outfit;
    this.uniforms = uniformsOf(layers, quality);
    const lamps = night ? nightSource : '';
    const make = (
      fragmentShader: string,
      kind: MeshKind,
      defines: Readonly<Record<string, string>>,
    ): ShaderMaterial =>
      new ShaderMaterial({
        glslVersion: GLSL3,
        vertexShader: defines.COLOUR === undefined ? streetVertex : skySource + lamps + streetVertex,
        fragmentShader,
        uniforms: this.uniforms,
        defines: {
          ...defines,
          ...(defines.COLOUR === undefined ? {} : viewing(kind)),
          // Unlit, what shines is as any solid, and shares its program.
          [defines.COLOUR === undefined && kind === 'shiny' ? 'SOLID' : kind.toUpperCase()]: '',
        },
        side: kind === 'cutout' ? DoubleSide : FrontSide,
        ...(kind === 'decal'
          ? { polygonOffset: true, polygonOffsetFactor: -1, polygonOffsetUnits: -4, depthWrite: false }
          : {}),
      });
    /** Ground and paint are lit in the fragment, for a lamp's pool is smaller than their faces. */
    const viewing = (kind: MeshKind): Record<string, string> => {
      const flat = kind === 'ground' || kind === 'decal';
      return {
        ...(night && flat ? { FRAGMENT_LIT: '' } : {}),
        ...((night && flat) || kind === 'shiny' || (kind === 'ground' && wet) ? { VIEWED: '' } : {}),
      };
    };
    const kinds = (build: (kind: MeshKind) => ShaderMaterial): Record<MeshKind, ShaderMaterial> => ({
      ground: build('ground'),
      solid: build('solid'),
      shiny: build('shiny'),
      cutout: build('cutout'),
      decal: build('decal'),
    });
    const lit: Record<string, string> = {
      COLOUR: '',
      ...(shadows ? { SHADOWS: quality === 'low' ? '1' : '4', SHADOW_SIZE: `${SHADOW_SIZE}.0` } : {}),
      ...(wet ? { WET: '', ...(quality === 'normal' ? { MIRROR: '' } : {}) } : {}),
      ...(night
        ? { NIGHT: '', LIGHTS: String(LIGHTS[quality]), SHOP_LAYER: `${LAYER_INDEX['shop-a']}.0` }
        : {}),
      ...(snow ? { SNOW: '' } : {}),
      ...(labelled ? { LABELLED: '' } : {}),
    };
    this.#byPass = {
      colour: kinds((kind) => {
        const material = make(skySource + lamps + streetFragment, kind, lit);
        material.blending = kind === 'decal' ? NormalBlending : NoBlending;
        material.transparent = kind === 'decal';
        return material;
      }),
      depth: kinds((kind) => {
        const material = make(depthSource, kind, {});
        material.colorWrite = false;
        material.side = DoubleSide;
        return material;
      }),
      ids: kinds((kind) => {
        const material = make(idsSource, kind, {});
        material.blending = NoBlending;
        return material;
      }),
    };
    this.dome = new ShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: screenSource,
      fragmentShader: skySource + domeSource,
      uniforms: this.uniforms,
      defines: { DEPTH: '1.0', ...(labelled ? { LABELLED: '', SKY_ID: `${ownId('sky')}.0` } : {}) },
      depthWrite: false,
      blending: NoBlending,
    });
  }

  /** Sets the light of all materials. */
  relight(light: Light): void {
    const { uniforms } = this;
    const vectors = {
      uSun: light.sun,
      uSunColour: light.sunColour,
      uZenith: light.zenith,
      uHorizon: light.horizon,
      uBounce: light.bounce,
    };
    for (const [name, value] of Object.entries(vectors)) uniforms[name]!.value.set(...value);
    const numbers = {
      uAmbient: light.ambient,
      uHaze: light.haze,
      uWet: light.wet,
      uLamps: light.lamps,
      uClouds: light.clouds,
      uSnow: light.snow,
    };
    for (const [name, value] of Object.entries(numbers)) uniforms[name]!.value = value;
  }

  /** The material of a kind of mesh in a pass. */
  of(pass: Pass, kind: MeshKind): ShaderMaterial {
    return this.#byPass[pass][kind];
  }

  /** What every picture's street is drawn with. @param shadows whether the sun casts any */
  firstSeen(shadows: boolean): Set<ShaderMaterial> {
    const { colour, depth } = this.#byPass;
    const casting = shadows ? [depth.solid, depth.cutout] : [];
    return new Set([...casting, ...Object.values(colour)]);
  }

  dispose(): void {
    for (const kinds of Object.values(this.#byPass))
      for (const material of Object.values(kinds)) material.dispose();
    this.dome.dispose();
  }
}

/** The dashcam's optics and sensor as full-screen passes. */
import { GLSL3, NoBlending, ShaderMaterial, type Texture, Vector2 } from 'three';
import type { CameraMount } from '../course/style';
import type { DriveQuality } from '../options';
import type { Light } from './mood';
import cameraSource from './shaders/camera.frag.glsl?raw';
import glareSource from './shaders/glare.frag.glsl?raw';
import lensSource from './shaders/lens.glsl?raw';
import screenSource from './shaders/screen.vert.glsl?raw';
import warpSource from './shaders/warp-ids.frag.glsl?raw';

/** Materials of the passes after the street is drawn. */
export interface LensMaterials {
  readonly camera: ShaderMaterial;
  readonly glare: ShaderMaterial;
  readonly ids: ShaderMaterial;
  /** Sets what depends on the light and the mount. */
  focus(light: Light, mount: CameraMount): void;
  /** Sets what depends on the picture's size and the moment. */
  aim(width: number, height: number, seconds: number): void;
  setPicture(picture: Texture, glare: Texture, topDown: boolean): void;
  setGlare(picture: Texture, stepX: number, stepY: number, threshold: number): void;
  setIds(ids: Texture): void;
  dispose(): void;
}

/** The passes; `low` leaves out glare, softness and lateral colour. */
export function makeLens(quality: DriveQuality): LensMaterials {
  const shared = {
    uBarrel: { value: 0 },
    uAspect: { value: 1 },
  };
  const flip = { value: 1 };
  const camera = pass(lensSource + cameraSource, quality === 'normal' ? { FINE: '' } : {}, {
    ...shared,
    uFlip: flip,
    uPicture: { value: null },
    uGlare: { value: null },
    uTexel: { value: new Vector2() },
    uExposure: { value: 1 },
    uSaturation: { value: 1 },
    uNoise: { value: 0 },
    uGlareAmount: { value: 0.09 },
    uTime: { value: 0 },
  });
  const glare = pass(
    glareSource,
    {},
    {
      uPicture: { value: null },
      uStep: { value: new Vector2() },
      uThreshold: { value: 1 },
    },
  );
  const ids = pass(
    lensSource + warpSource,
    {},
    { ...shared, uFlip: { value: -1 }, uPicture: { value: null } },
  );
  return {
    camera,
    glare,
    ids,
    focus(light, mount) {
      shared.uBarrel.value = mount.barrel;
      camera.uniforms.uExposure!.value = light.exposure;
      camera.uniforms.uSaturation!.value = light.saturation;
      camera.uniforms.uNoise!.value = light.noise;
    },
    aim(width, height, seconds) {
      shared.uAspect.value = width / height;
      camera.uniforms.uTexel!.value.set(1 / width, 1 / height);
      // A fraction that differs from frame to frame and repeats for the same moment.
      camera.uniforms.uTime!.value = (seconds * 7.531) % 1;
    },
    setPicture(picture, glareTexture, topDown) {
      camera.uniforms.uPicture!.value = picture;
      camera.uniforms.uGlare!.value = glareTexture;
      flip.value = topDown ? -1 : 1;
    },
    setGlare(picture, stepX, stepY, threshold) {
      glare.uniforms.uPicture!.value = picture;
      glare.uniforms.uStep!.value.set(stepX, stepY);
      glare.uniforms.uThreshold!.value = threshold;
    },
    setIds(texture) {
      ids.uniforms.uPicture!.value = texture;
    },
    dispose() {
      for (const material of [camera, glare, ids]) material.dispose();
    },
  };
}

function pass(
  fragmentShader: string,
  defines: Record<string, string>,
  uniforms: ShaderMaterial['uniforms'],
): ShaderMaterial {
  return new ShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: screenSource,
    fragmentShader,
    uniforms,
    defines: { DEPTH: '0.0', ...defines },
    depthTest: false,
    depthWrite: false,
    blending: NoBlending,
  });
}

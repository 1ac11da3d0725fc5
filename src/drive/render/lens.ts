/** The dashcam's optics and sensor as full-screen passes. */
import { GLSL3, NoBlending, ShaderMaterial, type Texture, Vector2, Vector3 } from 'three';
import { classIdOf, VOID_CLASS } from '../../taxonomy/classes';
import type { CameraMount } from '../course/style';
import { DRIVE_CARS, type DriveCar, type DriveQuality } from '../options';
import { Random } from '../random';
import type { Vec3 } from '../shapes/mesh-builder';
import type { Light } from './mood';
import cameraSource from './shaders/camera.frag.glsl?raw';
import glareSource from './shaders/glare.frag.glsl?raw';
import glassSource from './shaders/glass.glsl?raw';
import lensSource from './shaders/lens.glsl?raw';
import ownCarSource from './shaders/own-car.glsl?raw';
import screenSource from './shaders/screen.vert.glsl?raw';
import warpSource from './shaders/warp-ids.frag.glsl?raw';

/** Materials of the passes after the street is drawn. */
export interface LensMaterials {
  /** As the last `focus` wants it: what is not before the lens is not in its program, for one that draws runs all of it. */
  readonly camera: ShaderMaterial;
  readonly glare: ShaderMaterial;
  readonly ids: ShaderMaterial;
  /** Sets what depends on the light, the mount and the own car of a seed. */
  focus(light: Light, mount: CameraMount, car: DriveCar, seed: number): void;
  /** Sets what depends on the picture's size and the moment. */
  aim(width: number, height: number, seconds: number): void;
  setPicture(picture: Texture, glare: Texture, topDown: boolean): void;
  setGlare(picture: Texture, stepX: number, stepY: number, threshold: number): void;
  setIds(ids: Texture): void;
  dispose(): void;
}

/** Seconds between two strokes of the wipers. */
const WIPER_PERIOD = 2.6;
/** The clock of the glass starts again after this many seconds, so that sines and hashes keep their digits. */
const GLASS_PERIOD = 520;

/** Paints of bonnets, linear: dark, silver, white, red, blue. */
const PAINTS: readonly Vec3[] = [
  [0.02, 0.02, 0.022],
  [0.32, 0.33, 0.34],
  [0.62, 0.62, 0.6],
  [0.24, 0.02, 0.02],
  [0.03, 0.06, 0.16],
];

/** The passes; `low` leaves out glare, softness and lateral colour. */
export function makeLens(quality: DriveQuality): LensMaterials {
  const shared = {
    uBarrel: { value: 0 },
    uAspect: { value: 1 },
    uCar: { value: 0 },
    uCarShape: { value: new Vector3() },
    uWiper: { value: -1 },
  };
  const flip = { value: 1 };
  let wiping = false;
  const optics: ShaderMaterial['uniforms'] = {
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
    uSeconds: { value: 0 },
    uDrops: { value: 0 },
    uRainfall: { value: 0 },
    uSnowfall: { value: 0 },
    uAirLight: { value: new Vector3() },
    uCarPaint: { value: new Vector3() },
    uCarLight: { value: new Vector3() },
  };
  const cameras = new Map<string, ShaderMaterial>();
  const cameraWith = (defines: Record<string, string>): ShaderMaterial => {
    const key = Object.keys(defines).join();
    const made =
      cameras.get(key) ??
      pass(
        lensSource + ownCarSource + glassSource + cameraSource,
        { ...defines, ...(quality === 'normal' ? { FINE: '' } : {}) },
        optics,
      );
    cameras.set(key, made);
    return made;
  };
  let camera = cameraWith({});
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
    lensSource + ownCarSource + warpSource,
    {},
    {
      ...shared,
      uFlip: { value: -1 },
      uPicture: { value: null },
      uOwnCar: { value: (classIdOf('own car') ?? VOID_CLASS) / 255 },
    },
  );
  return {
    get camera() {
      return camera;
    },
    glare,
    ids,
    focus(light, mount, car, seed) {
      const random = new Random(seed, 'own car');
      shared.uCar.value = DRIVE_CARS.indexOf(car);
      shared.uCarShape.value.set(
        random.between(-0.74, -0.56),
        random.between(-0.05, 0.05),
        random.chance(0.5) ? 1 : -1,
      );
      const paint = car === 'bonnet' ? random.pick(PAINTS) : PAINTS[0]!;
      wiping = light.drops > 0.3;
      camera = cameraWith({
        ...(light.drops > 0 || light.rainfall > 0 || light.snowfall > 0 ? { GLASS: '' } : {}),
        ...(car !== 'none' || wiping ? { OWN_CAR: '' } : {}),
      });
      shared.uBarrel.value = mount.barrel;
      optics.uExposure!.value = light.exposure;
      optics.uSaturation!.value = light.saturation;
      optics.uNoise!.value = light.noise;
      optics.uGlareAmount!.value = quality === 'normal' || light.dark > 0 ? light.bloom : 0;
      optics.uDrops!.value = light.drops;
      optics.uRainfall!.value = light.rainfall;
      optics.uSnowfall!.value = light.snowfall;
      const glow = 0.1 * light.dark;
      optics.uAirLight!.value.set(...light.horizon).addScalar(glow);
      optics.uCarPaint!.value.set(...paint);
      optics
        .uCarLight!.value.set(...light.zenith)
        .add(new Vector3(...light.horizon))
        .addScaledVector(new Vector3(...light.sunColour), 0.3 * light.sun[1])
        .multiplyScalar(0.7);
    },
    aim(width, height, seconds) {
      shared.uAspect.value = width / height;
      optics.uTexel!.value.set(1 / width, 1 / height);
      // A fraction that differs from frame to frame and repeats for the same moment.
      optics.uTime!.value = (seconds * 7.531) % 1;
      optics.uSeconds!.value = seconds % GLASS_PERIOD;
      shared.uWiper.value = wiping ? (seconds / WIPER_PERIOD) % 1 : -1;
    },
    setPicture(picture, glareTexture, topDown) {
      optics.uPicture!.value = picture;
      optics.uGlare!.value = glareTexture;
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
      for (const material of [...cameras.values(), glare, ids]) material.dispose();
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

/** Draws a moment of the drive: sun's depth, street in linear light, glare, then lens and sensor; or the class ids. */
import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  type DataArrayTexture,
  LinearSRGBColorSpace,
  Matrix4,
  Mesh,
  PerspectiveCamera,
  Scene,
  type ShaderMaterial,
  type Texture,
  WebGLRenderer,
  type WebGLRenderTarget,
} from 'three';
import { CarriagewayError } from '../../errors';
import type { Size } from '../../media/size';
import { ownId } from '../../taxonomy/classes';
import { Course } from '../course/course';
import type { DriveLook, DriveQuality } from '../options';
import { layerTexture } from '../textures/array';
import { type EgoPose, egoAt } from '../traffic/ego';
import { compileAhead } from './compile-ahead';
import { type LensMaterials, makeLens } from './lens';
import { setLights } from './lights';
import { outfitOf, StreetMaterials } from './materials';
import { RoadMirror } from './mirror';
import { type Light, lightOf, moodOf } from './mood';
import { firstChannel, readSoon } from './read-back';
import { drawsInSoftware } from './software';
import { driveContext } from './spare-canvas';
import { SunShadow } from './sun-shadow';
import { type DriveTargets, makeTargets } from './targets';
import { StreetWorld } from './world';

/** Stains repeat after this many metres: a multiple of the street shader's 23. */
const GROUND_PERIOD = 23 * 44;
/** Id of the sky: what no triangle covers. */
const SKY = ownId('sky');

/** A seed's street in its mood. */
interface Street {
  readonly course: Course;
  readonly light: Light;
  readonly materials: StreetMaterials;
  readonly world: StreetWorld;
  readonly shadows: boolean;
}

/** Seconds for which moving shadows may lag in low quality: what a cyclist casts is then a metre behind. */
const SHADOW_AGE = 0.24;

/** What was read of a moment: pixels and class ids, first row on top. */
interface Moment {
  readonly rgba: Uint8Array<ArrayBuffer>;
  readonly ids: Uint8Array<ArrayBuffer> | null;
}

/** Draws one street at a time. Owns canvas context, textures, programs and the world. */
export class DriveRenderer {
  readonly quality: DriveQuality;
  /** Whether a program draws in place of a GPU. */
  readonly software: boolean;
  readonly #renderer: WebGLRenderer;
  readonly #camera = new PerspectiveCamera();
  readonly #screen = new Scene();
  readonly #flat = new Camera();
  /** By what the light asks for: programs are kept when the street changes, for compiling them takes seconds in software. */
  readonly #wardrobe = new Map<string, StreetMaterials>();
  readonly #layers: DataArrayTexture;
  #street: Street;
  /** Moment of the shadows in the map. */
  #shadowed = Number.NaN;
  readonly #dome: Mesh;
  readonly #quad: Mesh;
  readonly #lens: LensMaterials;
  #shadow: SunShadow | null = null;
  #mirror: RoadMirror | null = null;
  readonly #targets: DriveTargets;

  /**
   * @param canvas drawn into by `draw`
   * @throws CarriagewayError `drive-failed` when there is no WebGL 2
   */
  constructor(
    readonly canvas: OffscreenCanvas,
    seed: number,
    quality: DriveQuality | 'auto',
    look: DriveLook = {},
  ) {
    const context = driveContext(canvas);
    if (!context) throw new CarriagewayError('drive-failed', 'WebGL 2 is not available.');
    this.#renderer = new WebGLRenderer({ canvas, context, antialias: false });
    this.#renderer.autoClear = false;
    this.software = drawsInSoftware(context);
    this.quality = quality === 'auto' ? (this.software ? 'low' : 'normal') : quality;
    const fine = this.quality === 'normal' && !this.software;
    this.#renderer.outputColorSpace = LinearSRGBColorSpace; // the camera shader encodes sRGB itself
    this.#layers = layerTexture(fine);
    // Whoever draws takes the surfaces while the street is laid here.
    this.#renderer.initTexture(this.#layers);
    const triangle = new BufferGeometry();
    triangle.setAttribute(
      'position',
      new BufferAttribute(new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0]), 3),
    );
    this.#dome = new Mesh(triangle);
    this.#dome.frustumCulled = false;
    this.#dome.renderOrder = 1;
    this.#lens = makeLens(this.quality);
    this.#quad = new Mesh(triangle, this.#lens.camera);
    this.#quad.frustumCulled = false;
    this.#screen.add(this.#quad);
    this.#targets = makeTargets(fine, this.software);
    this.#street = this.#open(seed, look);
  }

  /** The street that is being driven. */
  get course(): Course {
    return this.#street.course;
  }

  get light(): Light {
    return this.#street.light;
  }

  /** Leaves this street for another; context, textures and programs stay. */
  turnInto(seed: number, look: DriveLook = {}): void {
    this.#street.world.dispose();
    this.#street = this.#open(seed, look);
  }

  /** Whether the context was lost (the drive must be opened again). */
  get lost(): boolean {
    return this.#renderer.getContext().isContextLost();
  }

  /** Live geometries, textures and programs: flat over a drive. */
  get live(): { geometries: number; textures: number; programs: number; triangles: number } {
    const { memory, programs, render } = this.#renderer.info;
    return { ...memory, programs: programs?.length ?? 0, triangles: render.triangles };
  }

  /** Draws the moment `seconds` into the canvas at this size. */
  draw(seconds: number, width: number, height: number): void {
    this.#prepare(seconds, width, height);
    this.#expose(seconds, width, height, null, true);
  }

  /**
   * As `readPicture`, without making anybody wait: for live frames where a program draws. Such a frame has its pixels
   * where the network runs; one made of the canvas would have to be fetched from the program again. Ids come from the
   * same drawing, since the street's corners are half of its work: what has no class is void there, not what is behind.
   * @param truth size of the ids, of the picture's shape; null for none
   */
  async readMomentSoon(seconds: number, { width, height }: Size, truth: Size | null): Promise<Moment> {
    this.#prepare(seconds, width, height);
    this.#targets.shot.setSize(width, height);
    this.#expose(seconds, width, height, this.#targets.shot, true);
    const ids = truth && this.#targets.picture.textures[1];
    if (ids) this.#showIds(ids, truth);
    const [rgba, labels] = await Promise.all([
      readSoon(this.#renderer, this.#targets.shot),
      ids ? readSoon(this.#renderer, this.#targets.plain) : null,
    ]);
    return { rgba, ids: labels && firstChannel(labels) };
  }

  /** Draws the moment and reads it back: RGBA, first row on top. */
  readPicture(seconds: number, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
    this.#prepare(seconds, width, height);
    this.#targets.plain.setSize(width, height);
    this.#expose(seconds, width, height, this.#targets.plain, false);
    const rgba = new Uint8ClampedArray(width * height * 4);
    this.#renderer.readRenderTargetPixels(this.#targets.plain, 0, 0, width, height, rgba);
    return rgba;
  }

  /** The class ids of the moment, through the same lens; first row on top. */
  readIds(seconds: number, width: number, height: number): Uint8Array<ArrayBuffer> {
    this.#drawIds(seconds, width, height);
    const rgba = new Uint8Array(width * height * 4);
    this.#renderer.readRenderTargetPixels(this.#targets.plain, 0, 0, width, height, rgba);
    return firstChannel(rgba);
  }

  /** As `readIds`, without making the GPU wait: for live frames. */
  async readIdsSoon(seconds: number, width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
    this.#drawIds(seconds, width, height);
    return firstChannel(await readSoon(this.#renderer, this.#targets.plain));
  }

  dispose(): void {
    this.#street.world.dispose();
    for (const materials of this.#wardrobe.values()) materials.dispose();
    this.#lens.dispose();
    this.#layers.dispose();
    this.#quad.geometry.dispose();
    this.#shadow?.dispose();
    this.#mirror?.dispose();
    this.#targets.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
  }

  #open(seed: number, { mood = moodOf(seed), car = 'none', lens = 'own' }: DriveLook): Street {
    const course = new Course(seed, lens);
    const light = lightOf(seed, mood);
    const outfit = outfitOf(light);
    const { shadows } = outfit;
    if (shadows) this.#shadow ??= new SunShadow(this.#renderer);
    if (outfit.wet && this.quality === 'normal') this.#mirror ??= new RoadMirror();
    const key = JSON.stringify(outfit);
    const materials =
      this.#wardrobe.get(key) ?? new StreetMaterials(this.#layers, outfit, this.quality, this.software);
    this.#wardrobe.set(key, materials);
    materials.relight(light);
    materials.uniforms.uShadowMap.value = shadows ? (this.#shadow?.depth ?? null) : null;
    this.#dome.material = materials.dome;
    materials.uniforms.uLane.value = course.style.laneWidth;
    this.#lens.focus(light, course.style.camera, car, seed);
    this.#shadowed = Number.NaN;
    this.#renderer.setRenderTarget(this.#targets.picture);
    compileAhead(this.#renderer, materials.firstSeen(shadows), {
      geometry: this.#quad.geometry,
      materials: [materials.dome, this.#lens.camera],
    });
    const world = new StreetWorld(course, materials, light.headlights);
    world.scene.add(this.#dome);
    return { course, light, materials, world, shadows };
  }

  /** Street, camera and light as they are at `seconds`. */
  #prepare(seconds: number, width: number, height: number): EgoPose {
    const ego = egoAt(this.course, seconds);
    this.#street.world.update(seconds, ego);
    const pose = this.course.pose(ego.s);
    const camera = this.#camera;
    camera.aspect = width / height;
    const half = (this.course.style.camera.fovDeg * Math.PI) / 360;
    camera.fov = (Math.atan(Math.tan(half) / camera.aspect) * 360) / Math.PI;
    // 0.4 m: nothing comes nearer; 24 bits then part 12 mm of paint from asphalt at any distance that matters.
    camera.near = 0.4;
    camera.far = 700;
    camera.updateProjectionMatrix();
    camera.position.set(...this.course.point(ego.s, ego.u, ego.height));
    camera.rotation.set(Math.atan(pose.slope) - ego.pitch, -(pose.heading + ego.yaw), -ego.roll, 'YXZ');
    camera.updateMatrixWorld();
    const { uniforms } = this.#street.materials;
    uniforms.uGroundOffset.value.set(camera.position.x % GROUND_PERIOD, camera.position.z % GROUND_PERIOD);
    uniforms.uDrift.value = seconds * 0.0006;
    const turn = new Matrix4().extractRotation(camera.matrixWorld);
    uniforms.uUnproject.value.multiplyMatrices(turn, camera.projectionMatrixInverse);
    uniforms.uPixel.value.set(1 / width, 1 / height);
    if (this.light.dark > 0)
      setLights(uniforms, this.#street.world.lamps, camera.position, this.course, ego, this.light);
    this.#lens.aim(width, height, seconds);
    return ego;
  }

  /** Sun's depth, street, glare, and the picture into `target` or the canvas. @param live one of many: shadows may lag */
  #expose(
    seconds: number,
    width: number,
    height: number,
    target: WebGLRenderTarget | null,
    live: boolean,
  ): void {
    const renderer = this.#renderer;
    const age = seconds - this.#shadowed;
    const keep = this.quality === 'low' && live && age >= 0 && age < SHADOW_AGE;
    if (this.#street.shadows && !keep && this.#shadow) this.#castShadows(this.#shadow, seconds);
    this.#targets.picture.setSize(width, height);
    this.#dome.visible = true;
    if (this.light.wet > 0 && this.#mirror) this.#reflect(this.#mirror, seconds, width, height);
    this.#street.world.dress('colour');
    renderer.setRenderTarget(this.#targets.picture);
    renderer.clear(false, true, false);
    renderer.render(this.#street.world.scene, this.#camera);
    if (this.quality === 'normal' || this.light.dark > 0) {
      const [a, b] = this.#targets.glare;
      const [w, h] = [Math.max(1, width >> 2), Math.max(1, height >> 2)];
      a.setSize(w, h);
      b.setSize(w, h);
      this.#lens.setGlare(this.#targets.picture.texture, 1.6 / w, 0, 1.3);
      this.#pass(this.#lens.glare, a);
      this.#lens.setGlare(a.texture, 0, 1.6 / h, 0);
      this.#pass(this.#lens.glare, b);
    }
    this.#lens.setPicture(this.#targets.picture.texture, this.#targets.glare[1].texture, target !== null);
    if (!target) renderer.setSize(width, height, false);
    this.#pass(this.#lens.camera, target);
  }

  /** The street as the wet road mirrors it, before anything looks into it. */
  #reflect(mirror: RoadMirror, seconds: number, width: number, height: number): void {
    const { uniforms } = this.#street.materials;
    const ego = egoAt(this.course, seconds);
    const { slope, heading, y } = this.course.pose(ego.s);
    mirror.resize(width, height);
    const camera = mirror.aim(this.#camera, y, slope, heading);
    const unproject = uniforms.uUnproject.value.clone();
    const turn = new Matrix4().extractRotation(camera.matrixWorld);
    uniforms.uUnproject.value.multiplyMatrices(turn, camera.projectionMatrixInverse);
    uniforms.uMirror.value = null;
    this.#street.world.dress('mirror');
    this.#renderer.setRenderTarget(mirror.target);
    this.#renderer.clear(false, true, false);
    this.#renderer.render(this.#street.world.scene, camera);
    uniforms.uUnproject.value.copy(unproject);
    uniforms.uMirror.value = mirror.target.texture;
  }

  #castShadows(shadow: SunShadow, seconds: number): void {
    this.#shadowed = seconds;
    const { world, materials } = this.#street;
    world.dress('depth');
    this.#dome.visible = false;
    const matrix = shadow.cast(world.scene, this.course, egoAt(this.course, seconds), this.light.sun);
    materials.uniforms.uShadowMatrix.value.copy(matrix);
  }

  #drawIds(seconds: number, width: number, height: number): void {
    const renderer = this.#renderer;
    this.#prepare(seconds, width, height);
    this.#targets.ids.setSize(width, height);
    this.#street.world.dress('ids');
    this.#dome.visible = false;
    renderer.setRenderTarget(this.#targets.ids);
    renderer.state.buffers.color.setClear(SKY / 255, 0, 0, 1, false);
    renderer.clear(true, true, false);
    renderer.render(this.#street.world.scene, this.#camera);
    this.#showIds(this.#targets.ids.texture, { width, height });
  }

  /** Ids through the lens, into a target of their own. */
  #showIds(ids: Texture, { width, height }: Size): void {
    this.#targets.plain.setSize(width, height);
    this.#lens.setIds(ids);
    this.#pass(this.#lens.ids, this.#targets.plain);
  }

  #pass(material: ShaderMaterial, target: WebGLRenderTarget | null): void {
    this.#quad.material = material;
    this.#renderer.setRenderTarget(target);
    this.#renderer.render(this.#screen, this.#flat);
  }
}

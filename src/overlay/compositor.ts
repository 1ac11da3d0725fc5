/**
 * What the stage draws with: pictures and masks in, one composited canvas out. Runs in the stage's worker. Nothing here
 * waits, nothing holds a `VideoFrame`, and nothing is read back but for a snapshot.
 */
import { BufferAttribute, BufferGeometry, Mesh, OrthographicCamera, Scene, type Texture } from 'three/webgpu';
import { CarriagewayError } from '../errors';
import type { Rotation, Size } from '../media/size';
import type { MaskImage } from '../perception/engine';
import type { RoadEdge } from '../scene/road-edges';
import type { SceneState } from '../scene/scene';
import type { SceneTruth } from '../scene/scene-truth';
import { BirdsEye } from './birdseye';
import { BytePictureMemory } from './byte-memory';
import type { Compositor, CompositorOptions } from './compositor-api';
import { InspectionLayer, type InspectionPicture } from './inspection-layer';
import { LabelLayer, type LabelledMap } from './label-layer';
import { PictureSpace } from './layers';
import { type BoundMask, MaskTextures } from './mask-texture';
import { PictureMaterial } from './material';
import { type Paint, paintOf, rawPaint } from './paint';
import { PaintedMask } from './painted-mask';
import { PictureSlot } from './picture';
import { GlPictureMemory, GpuPictureMemory, type PictureMemory } from './picture-memory';
import { stageLayout } from './placement';
import { glGate, gpuGate, type RenderGate } from './render-gate';
import { createRenderer, type Drawing } from './renderer';
import { SceneLayer } from './scene-layer';
import { renderPng } from './snapshot';
import { type BirdPlace, DEFAULT_VIEW, type OverlayView, type SceneView } from './view';

/** The picture's quad in picture coordinates; its uv are its coordinates. */
function pictureQuad(): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute(
    'position',
    new BufferAttribute(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0]), 3),
  );
  geometry.setAttribute('uv', new BufferAttribute(new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), 2));
  geometry.setIndex([0, 1, 2, 2, 1, 3]);
  return geometry;
}

class StageCompositor implements Compositor {
  readonly lost: Promise<void>;
  readonly layers = new PictureSpace(() => {
    this.#dirty = true;
  });
  readonly #scene = new Scene();
  readonly #camera = new OrthographicCamera(0, 1, 0, -1, -10, 10);
  readonly #masks: MaskTextures;
  readonly #memory: PictureMemory;
  readonly #gate: RenderGate;
  readonly #material: PictureMaterial;
  /** Where the processor paints; else null. */
  readonly #painted: PaintedMask | null;
  readonly #mesh: Mesh;
  #pending: PictureSlot;
  #shown: PictureSlot;
  #staged = false;
  #mask: BoundMask | null = null;
  #paint: Paint = paintOf(DEFAULT_VIEW);
  #dirty = true;
  #lost = false;
  #disposed = false;
  #sceneView: SceneView = DEFAULT_VIEW.scene;
  #state: SceneState | null = null;
  #edges: { readonly lines: readonly RoadEdge[]; readonly aspect: number } | null = null;
  readonly #sceneLayer = new SceneLayer(this.layers);
  readonly #bird = new BirdsEye();
  #view: OverlayView = DEFAULT_VIEW;
  #labelled: LabelledMap | null = null;
  /** Made when labels are first shown, gone when they are not. */
  #labels: LabelLayer | null = null;
  /** Made when the inspector opens, gone when it closes. */
  #inspection: InspectionLayer | null = null;

  constructor(
    private readonly drawing: Drawing,
    device: GPUDevice | null,
    private canvas: Size,
    software: boolean,
  ) {
    const { renderer, gl } = drawing;
    this.#memory = device
      ? new GpuPictureMemory(device)
      : new (software ? BytePictureMemory : GlPictureMemory)(gl!, () => renderer.resetState());
    this.#gate = device ? gpuGate(device) : glGate(gl!);
    this.#masks = new MaskTextures(renderer, device !== null, software);
    this.#painted = software ? new PaintedMask(renderer) : null;
    this.#pending = new PictureSlot(this.#memory);
    this.#shown = new PictureSlot(this.#memory);
    this.#material = new PictureMaterial(this.#masks.blank, software);
    this.#mesh = new Mesh(pictureQuad());
    this.#mesh.frustumCulled = false;
    this.#mesh.visible = false;
    // Under everything else.
    this.#mesh.renderOrder = -1;
    this.layers.root.add(this.#mesh);
    this.#scene.add(this.layers.root, this.#bird.root);
    this.lost = new Promise((resolve) => {
      const lose = (): void => {
        this.#lost = true;
        resolve();
      };
      drawing.onLost(lose);
      void device?.lost.then(lose);
    });
  }

  get picture(): Size | null {
    return this.#shown.texture ? this.#shown.upright : null;
  }

  stage(frame: VideoFrame, rotation: Rotation): void {
    this.#staged = false;
    if (this.#idle()) return;
    this.#pending.put(frame, rotation);
    this.#staged = true;
  }

  show(frame: VideoFrame, rotation: Rotation): void {
    // A staged frame is older than this one; its mask may still come, and must not bring it back.
    this.#staged = false;
    if (this.#idle()) return;
    this.#shown.put(frame, rotation);
    this.#dirty = true;
  }

  present(mask: MaskImage | null): void {
    if (this.#idle()) return;
    if (!this.#staged && !mask && !this.#mask) return;
    this.#mask = mask ? this.#masks.bind(mask) : null;
    // Lines without the mask they were read from would hang in the air.
    if (!mask) {
      this.showScene(null, null);
      this.showEdges([], 1);
      this.showLabels(null);
    }
    if (this.#staged) {
      [this.#pending, this.#shown] = [this.#shown, this.#pending];
      this.#staged = false;
    }
    this.#dirty = true;
  }

  showScene(state: SceneState | null, truth: SceneTruth | null): void {
    if (this.#idle() || (!state && !this.#state)) return;
    this.#state = state;
    this.#sceneLayer.show(state, this.#sceneView);
    this.#bird.show(state, truth);
  }

  showEdges(lines: readonly RoadEdge[], aspect: number): void {
    if (this.#idle() || (lines.length === 0 && !this.#edges)) return;
    this.#edges = lines.length > 0 ? { lines, aspect } : null;
    this.#sceneLayer.showEdges(this.#sceneView.boundary ? lines : [], aspect);
  }

  showLabels(labelled: LabelledMap | null): void {
    if (this.#idle()) return;
    this.#labelled = labelled;
    if (labelled && this.#view.labels !== 'off') {
      this.#labels ??= new LabelLayer(this.layers);
      this.#labels.show(labelled, this.#view);
    } else {
      this.#labels?.dispose();
      this.#labels = null;
    }
  }

  showInspection(inspection: InspectionPicture | null): void {
    if (this.#idle()) return;
    const size = this.picture;
    if (!inspection || !size) {
      this.#inspection?.dispose();
      this.#inspection = null;
      return;
    }
    this.showScene(null, null);
    this.showLabels(null);
    this.#inspection ??= new InspectionLayer(this.layers);
    this.#inspection.show(inspection, size);
  }

  setView(view: OverlayView): void {
    this.#paint = paintOf(view);
    this.#view = view;
    if (this.#labelled) this.showLabels(this.#labelled);
    if (view.scene !== this.#sceneView) {
      this.#sceneView = view.scene;
      if (this.#state) this.#sceneLayer.show(this.#state, view.scene);
      else if (this.#edges) this.showEdges(this.#edges.lines, this.#edges.aspect);
    }
    this.#dirty = true;
  }

  resize(width: number, height: number): void {
    const size = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
    if (this.#idle() || (size.width === this.canvas.width && size.height === this.canvas.height)) return;
    this.canvas = size;
    this.drawing.resize(size);
    this.#dirty = true;
  }

  render(): boolean {
    if (!this.#dirty || this.#idle() || this.#gate.busy || !this.#shown.settled) return false;
    this.#dirty = false;
    this.#arrange(this.canvas, this.#paint, true, this.#sceneView.bird);
    this.drawing.begin(this.canvas);
    this.drawing.renderer.render(this.#scene, this.#camera);
    this.#gate.arm();
    this.drawing.end();
    return true;
  }

  async snapshot(withOverlay: boolean): Promise<Blob> {
    const size = this.picture;
    if (!size || this.#idle())
      throw new CarriagewayError('snapshot-failed', size ? 'device lost' : 'no picture');
    try {
      await this.#shown.arrived();
      // A snapshot has the picture's own size: there is no room beside it.
      const bird = withOverlay && this.#sceneView.bird === 'inset' ? 'inset' : 'off';
      this.#arrange(size, withOverlay ? this.#paint : rawPaint(this.#paint), withOverlay, bird, true);
      return await renderPng(
        this.drawing.renderer,
        this.#scene,
        this.#camera,
        size,
        this.drawing.gl !== null,
      );
    } catch (cause) {
      throw new CarriagewayError('snapshot-failed', cause instanceof Error ? cause.message : '', { cause });
    }
  }

  liveObjects(): { buffers: number; textures: number; frames: number } {
    const { memory } = this.drawing.renderer.info;
    const { users } = this.drawing;
    const buffers =
      memory.attributes + memory.indexAttributes + memory.uniformBuffers + memory.readbackBuffers;
    return {
      // Its part of what a shared renderer holds.
      buffers: Math.round(buffers / users),
      textures: Math.round(memory.textures / users) + this.#memory.count,
      frames: 0,
    };
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#sceneLayer.dispose();
    this.#bird.dispose();
    this.#inspection?.dispose();
    this.#labels?.dispose();
    this.layers.clear();
    this.#gate.dispose();
    this.#pending.clear();
    this.#shown.clear();
    this.#masks.dispose();
    this.#painted?.dispose();
    this.#mesh.geometry.dispose();
    this.#material.dispose();
    try {
      await this.drawing.dispose();
    } catch (cause) {
      // On a lost device three may stumble over objects that are gone: they are, which is what was asked.
      if (!this.#lost) console.warn('The renderer did not end cleanly.', cause);
    }
  }

  /** Whether there is nothing left to draw with. */
  #idle(): boolean {
    return this.#disposed || this.#lost;
  }

  /** The mask's paint by the processor; null where there is no mask, or a GPU paints. */
  #paintedAt(paint: Paint, size: Size): Texture | null {
    const mask = this.#mask;
    if (!this.#painted || !mask?.pixels || (paint.opacity === 0 && paint.divider < 0)) return null;
    return this.#painted.texture(mask, mask.pixels, paint, size);
  }

  /** Puts the scene in place for a drawing of `size` pixels. @param still a picture of its own, as good as can be */
  #arrange(size: Size, paint: Paint, layers: boolean, bird: BirdPlace, still = false): void {
    const { texture, stored, rotation, upright } = this.#shown;
    this.#mesh.visible = texture !== null;
    if (!texture) return;
    const layout = stageLayout(size, upright, bird);
    const rect = layout.picture;
    const painted = still ? null : this.#paintedAt(paint, rect);
    this.#mesh.material = this.#material.prepare({
      picture: texture,
      stored,
      rotation,
      mask: painted ? null : this.#mask,
      painted,
      paint,
      rect,
    });
    this.layers.reveal(layers, paint.from);
    this.#bird.arrange(layout.bird && { rect: layout.bird, picture: rect }, {
      picture: texture,
      rotation,
      mask: (layout.bird && this.#mask?.texture) ?? null,
      paint: this.#paint,
      video: this.#sceneView.birdVideo,
    });
    // The camera frames the picture's unit square so that it lands on `rect`.
    const camera = this.#camera;
    camera.left = -rect.x / rect.width;
    camera.right = (size.width - rect.x) / rect.width;
    camera.top = rect.y / rect.height;
    camera.bottom = (rect.y - size.height) / rect.height;
    camera.updateProjectionMatrix();
  }
}

/**
 * Makes a compositor.
 *
 * A canvas keeps its first kind of context for good: after a lost device, a new compositor may be made on the same
 * canvas with a new device; to go from WebGPU to WebGL2 the page must hand over a fresh canvas.
 * @throws CarriagewayError `overlay-failed` when the canvas gives no context of the kind
 */
export async function createCompositor(options: CompositorOptions): Promise<Compositor> {
  const { canvas, device, shared, width, height, software = false } = options;
  const size = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
  const drawing =
    !device && shared ? await shared.on(canvas, size) : await createRenderer(canvas, device, size);
  return new StageCompositor(drawing, device, size, software);
}

/** What a compositor is asked to do, for those who ask; `compositor.ts` does it. */

import type { Rotation, Size } from '../media/size';
import type { MaskImage } from '../perception/engine';
import type { RoadEdge } from '../scene/road-edges';
import type { SceneState } from '../scene/scene';
import type { SceneTruth } from '../scene/scene-truth';
import type { InspectionPicture } from './inspection-layer';
import type { LabelledMap } from './label-layer';
import type { Layers } from './layers';
import type { SharedDrawing } from './shared-drawing';
import type { OverlayView } from './view';

/** What a compositor draws on and with. */
export interface CompositorOptions extends Size {
  /** Drawn on; `width` and `height` are its size in device pixels from now on. */
  readonly canvas: OffscreenCanvas;
  /** The shared device, not owned; null draws with WebGL2. */
  readonly device: GPUDevice | null;
  /** Draws for many canvases where there is no device; without it each canvas has a context of its own. */
  readonly shared?: SharedDrawing;
  /** Whether a program draws in place of a GPU: masks of bytes are then painted by the processor. */
  readonly software?: boolean;
}

/** Draws pictures under their masks. */
export interface Compositor {
  /** Resolves when nothing can be drawn any more: the device or the WebGL2 context is gone. Never rejects. */
  readonly lost: Promise<void>;
  /** What other rooms draw over the picture. */
  readonly layers: Layers;
  /** Upright size of the picture on screen; null before the first. */
  readonly picture: Size | null;
  /**
   * Keeps a frame until its mask is there (`present`); a frame kept before is replaced. The frame is borrowed for the
   * call: close it when you like.
   * @param rotation clockwise turn that brings the stored pixels upright, the frame's own metadata included
   * @throws TypeError when the frame is closed already; what is shown stays
   */
  stage(frame: VideoFrame, rotation: Rotation): void;
  /**
   * Shows a frame at once, under the mask that is there; forgets a staged one. The frame is borrowed for the call.
   * @throws TypeError when the frame is closed already
   */
  show(frame: VideoFrame, rotation: Rotation): void;
  /**
   * Shows the staged frame, if there is one, with this mask, or puts the mask over the frame that is shown. A mask on the
   * GPU is drawn from where it is: present another, or null, before it is destroyed.
   * @throws TypeError for a mask of the wrong length, or one on the GPU when drawing with WebGL2
   */
  present(mask: MaskImage | null): void;
  /**
   * Draws the geometry of a scene over the picture and from above, as the view says; null draws none.
   * @param truth what is really there, where somebody knows
   */
  showScene(state: SceneState | null, truth: SceneTruth | null): void;
  /**
   * Draws the road's edges alone, in place of a scene, where the view wants them; none take them away.
   * @param aspect width of the picture over its height
   */
  showEdges(edges: readonly RoadEdge[], aspect: number): void;
  /** Keeps the labels of the picture on screen and draws them as the view says; null when it has none. */
  showLabels(labelled: LabelledMap | null): void;
  /** Draws what the pyramid inspector found, in place of the scene; null ends it. */
  showInspection(inspection: InspectionPicture | null): void;
  /** @throws RangeError when a colour is not of the form #rrggbb */
  setView(view: OverlayView): void;
  /** Size of the canvas in device pixels. */
  resize(width: number, height: number): void;
  /**
   * Draws if something changed and the last drawing is done; call it once for each animation frame.
   * @returns whether it drew
   */
  render(): boolean;
  /**
   * PNG of the picture as shown (split and layers included), or of the picture alone, at its own upright size (at most
   * `PICTURE_SIDE_MAX` a side), whatever the size of the canvas.
   * @throws CarriagewayError `snapshot-failed` before the first picture or on a lost device
   */
  snapshot(withOverlay: boolean): Promise<Blob>;
  /** Owned buffers and textures alive now, three's included: flat over time. No frames are ever held. */
  liveObjects(): { readonly buffers: number; readonly textures: number; readonly frames: number };
  /** Releases everything but canvas and device. Never rejects, also on a lost device; a second call does nothing. */
  dispose(): Promise<void>;
}

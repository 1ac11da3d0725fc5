/**
 * What a dashboard's page and its worker say to each other (over comlink: control plane only, never a frame). A wall
 * shows many streams, each on a canvas of its own, all through one device and one network.
 */
import type { ErrorReport } from '../errors';
import type { FrameHandle } from '../media/timed-frame';
import type { OverlayView } from '../overlay/view';
import type { SceneEvent } from '../scene/events';
import type { RoadEdge } from '../scene/road-edges';
import type { EngineChoice, EngineReport, ModelProgress, ModelRequest, StageReport } from './stage-api';

/** What is measured of one tile; as in `StageReport`, of the last second or so. */
export type TileReport = Pick<
  StageReport,
  | 'sourceFps'
  | 'pictureFps'
  | 'inferenceFps'
  | 'latencyP50'
  | 'maskAge'
  | 'frames'
  | 'dropped'
  | 'drivableShare'
> & {
  readonly key: string;
  /** Pictures segmented since the tile is there. */
  readonly masks: number;
  /** Free ground ahead, metres; null while nothing is known of it. No safety system. */
  readonly freeDistance: number | null;
  /** Whether the mask on screen came from another viewer's network. */
  readonly remote: boolean;
};

/** What a network saw of a tile: small enough to be sent on. */
export interface SeenMap {
  readonly width: number;
  readonly height: number;
  /** `width * height` class ids, row-major. */
  readonly classes: Uint8Array;
  /** The same of the drivable probability, 0 to 255. */
  readonly drivable: Uint8Array;
  /** The road's edges in it. */
  readonly edges: readonly RoadEdge[];
}

/** What the worker tells without being asked. */
export type WallEvent =
  | {
      readonly type: 'report';
      readonly tiles: readonly TileReport[];
      readonly liveObjects: StageReport['liveObjects'];
    }
  | { readonly type: 'engine'; readonly engine: EngineReport }
  | { readonly type: 'progress'; readonly progress: ModelProgress }
  | { readonly type: 'notice'; readonly error: ErrorReport }
  /** The tile's canvas is of no more use (device lost): the page answers with `replaceCanvas`. */
  | { readonly type: 'canvas-needed'; readonly key: string }
  | { readonly type: 'picture'; readonly key: string; readonly width: number; readonly height: number }
  /** What happened in a tile's scene, in order; never empty. */
  | { readonly type: 'scene-events'; readonly key: string; readonly events: readonly SceneEvent[] }
  /** At most twice a second for each tile, and only while `setSharing(true)` holds. */
  | { readonly type: 'seen'; readonly key: string; readonly map: SeenMap };

/** The worker's interface. */
export interface WallApi {
  /** Brings up the device. Call once, before anything else. */
  start(engine: EngineChoice): Promise<void>;
  /** The one listener; replaces an earlier one. */
  listen(listener: (event: WallEvent) => void): Promise<void>;
  loadModel(request: ModelRequest): Promise<EngineReport>;
  /** Adds a tile; nothing happens when its key is there already. Sizes are device pixels. */
  addTile(
    key: string,
    canvas: OffscreenCanvas,
    size: { readonly width: number; readonly height: number },
    view: OverlayView,
  ): Promise<void>;
  /** Gives a tile its stream, in place of the one it had. */
  attach(key: string, handle: FrameHandle): Promise<void>;
  removeTile(key: string): Promise<void>;
  resizeTile(key: string, width: number, height: number): Promise<void>;
  setTileView(key: string, view: OverlayView): Promise<void>;
  /** Answers `canvas-needed`. */
  replaceCanvas(key: string, canvas: OffscreenCanvas): Promise<void>;
  /** Gives a tile `FOCUS_WEIGHT` turns of the network for each turn of another; null treats all alike. */
  focus(key: string | null): Promise<void>;
  /** Stops drawing and inference of one tile (out of sight), or of all (null), or goes on. */
  setPaused(key: string | null, paused: boolean): Promise<void>;
  /** Whether `seen` events are wanted. */
  setSharing(sharing: boolean): Promise<void>;
  /** Shows what another viewer's network saw, until the own network has something to say. */
  showRemote(key: string, map: SeenMap): Promise<void>;
  /** Loses the device on purpose: for tests of recovery. */
  loseDevice(): Promise<void>;
  dispose(): Promise<void>;
}

/** Turns of the focused tile for each turn of another. */
export const FOCUS_WEIGHT = 3;

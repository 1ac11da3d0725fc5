/** What the scene benchmark tells its page, and what comes back: shared by both sides. */
import type { SceneState } from '../../../src/scene/scene.ts';
import type { SceneTruth } from '../../../src/scene/scene-truth.ts';

/** A moment of a simulated drive, or a picture at `data/pictures/n`. */
export type SceneItem =
  /** `warm`: drives up, so that the camera finds itself; nothing is reported of it. */
  | { readonly kind: 'drive'; readonly seed: number; readonly seconds: number; readonly warm: boolean }
  | { readonly kind: 'picture'; readonly picture: number; readonly seconds: number };

/** Runs of consecutive items: each is one stream. */
export interface SceneJob {
  readonly manifest: unknown;
  readonly runs: readonly (readonly SceneItem[])[];
}

/** A class map in JSON. */
export interface PlainMap {
  readonly width: number;
  readonly height: number;
  readonly classes: readonly number[];
}

/** What the page found on an item; posted to `data/results`. */
export interface SceneResult {
  readonly run: number;
  readonly item: SceneItem;
  readonly state: SceneState;
  readonly raw: PlainMap;
  readonly smoothed: PlainMap;
  readonly inferenceMs: number;
  readonly sceneMs: number;
  /** On drives: what is there, and the class ids of the picture in base64. */
  readonly truth: SceneTruth | null;
  readonly labels: { readonly width: number; readonly height: number; readonly ids: string } | null;
}

/** How it ended. */
export type SceneAnswer =
  | { readonly ok: true; readonly description: string }
  | { readonly ok: false; readonly sentence: string };

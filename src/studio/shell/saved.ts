/**
 * What the page remembers between visits, in the browser's own storage and nowhere else. Everything read is checked by
 * schema: another version, an extension or a curious user may have written it.
 */

import type { IgnoreRegion } from '../../perception/engine';
import type { SceneCamera } from '../../scene/scene';
import { z } from '../../schema';
import type { EngineChoice } from '../../stage/stage-api';
import { TIER_NAMES, type TierName } from '../../stage/tiers';
import type { SpeedUnit } from '../../telemetry/words';
import { LANGUAGE_TAGS, type Language } from '../../words/language';
import { CAMERA_LAYOUTS, type CameraLayout } from '../cameras/camera-layout';
import { sceneCameraSchema } from '../mount/camera-schema';
import { regionSchema } from '../region/region';

/** The part of `localStorage` that is used. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Most marks of one recording, and letters of a note: storage is small, and shared by all recordings. */
export const MARKS_MAX = 500;
export const NOTE_MAX = 200;

/** Events of one recording that are remembered as looked at. */
const REVIEWED_MAX = 2000;

/** See `UserMark`. */
export const markSchema = z.object({ t: z.number().min(0), note: z.string().max(NOTE_MAX) });

/** A moment that the user marked. */
export type UserMark = z.infer<typeof markSchema>;

/** The version is part of the name: a later form of the data never trips over this one. */
const PREFIX = 'carriageway.1.';

/** Remembers small things. A storage that is full or forbidden (private windows) costs the memory, never the page. */
export class SavedSettings {
  constructor(private readonly storage: TextStorage | null) {}

  /** The ignore region of a source, or null. */
  region(sourceKey: string): IgnoreRegion | null {
    return this.#read(`region.${sourceKey}`, regionSchema);
  }

  /** Remembers, or with null forgets, the ignore region of a source. */
  saveRegion(sourceKey: string, region: IgnoreRegion | null): void {
    this.#write(`region.${sourceKey}`, region);
  }

  /** The user's marks in a recording, in order of time. */
  marks(sourceKey: string): readonly UserMark[] {
    return this.#read(`marks.${sourceKey}`, z.array(markSchema).max(MARKS_MAX)) ?? [];
  }

  /** Remembers the user's marks in a recording. */
  saveMarks(sourceKey: string, marks: readonly UserMark[]): void {
    this.#write(`marks.${sourceKey}`, marks.length > 0 ? marks.slice(0, MARKS_MAX) : null);
  }

  /** Events of a source that the user has looked at, by `eventKey`. */
  reviewed(sourceKey: string): readonly string[] {
    return this.#read(`reviewed.${sourceKey}`, z.array(z.string().max(100)).max(REVIEWED_MAX)) ?? [];
  }

  /** Remembers the newest of them. */
  saveReviewed(sourceKey: string, reviewed: readonly string[]): void {
    this.#write(`reviewed.${sourceKey}`, reviewed.length > 0 ? reviewed.slice(-REVIEWED_MAX) : null);
  }

  /** How the camera of a source stands, or null. */
  camera(sourceKey: string): SceneCamera | null {
    return this.#read(`camera.${sourceKey}`, sceneCameraSchema);
  }

  /** Remembers, or with null forgets, how the camera of a source stands. */
  saveCamera(sourceKey: string, camera: SceneCamera | null): void {
    this.#write(`camera.${sourceKey}`, camera);
  }

  /** How the pictures of several cameras stand; null where nobody chose. */
  cameraLayout(): CameraLayout | null {
    return this.#read('camera-layout', z.enum(CAMERA_LAYOUTS));
  }

  /** Remembers how the pictures of several cameras stand. */
  saveCameraLayout(layout: CameraLayout): void {
    this.#write('camera-layout', layout);
  }

  /** Whether people and vehicles are blurred in exports and snapshots. */
  blur(): boolean {
    return this.#read('blur', z.boolean()) ?? false;
  }

  /** Remembers whether people and vehicles are blurred. */
  saveBlur(on: boolean): void {
    this.#write('blur', on);
  }

  /** How measured speeds are shown. */
  speedUnit(): SpeedUnit {
    return this.#read('speed-unit', z.enum(['km/h', 'mph'])) ?? 'km/h';
  }

  /** Remembers how measured speeds are shown. */
  saveSpeedUnit(unit: SpeedUnit): void {
    this.#write('speed-unit', unit);
  }

  /** Whether the tour was taken or declined here. */
  tourSeen(): boolean {
    return this.#read('tour', z.literal(true)) ?? false;
  }

  /** Remembers that it was. */
  saveTourSeen(): void {
    this.#write('tour', true);
  }

  /** The language that was chosen by hand; null when none was. */
  language(): Language | null {
    return this.#read('language', z.enum(LANGUAGE_TAGS));
  }

  /** Remembers the language. */
  saveLanguage(language: Language): void {
    this.#write('language', language);
  }

  /** Whether single keys are bound; they are until the user switches them off. */
  keysOn(): boolean {
    return this.#read('keys', z.boolean()) ?? true;
  }

  /** Remembers whether single keys are bound. */
  saveKeysOn(on: boolean): void {
    this.#write('keys', on);
  }

  /** What this machine was measured to be; null when it was not. */
  tier(): TierName | null {
    return this.#read('tier', z.enum(TIER_NAMES));
  }

  /** Remembers, or with null forgets, what this machine was measured to be. */
  saveTier(tier: TierName | null): void {
    this.#write('tier', tier);
  }

  /** The start mark of an engine that was taken away in order; see `StartMark`. */
  left(choice: EngineChoice): string | null {
    return this.#read(`left.${choice}`, z.string().min(1).max(100));
  }

  /** Remembers that mark. */
  saveLeft(choice: EngineChoice, mark: string): void {
    this.#write(`left.${choice}`, mark);
  }

  #read<T>(name: string, schema: z.ZodType<T>): T | null {
    try {
      const text = this.storage?.getItem(PREFIX + name);
      if (!text) return null;
      const result = schema.safeParse(JSON.parse(text));
      return result.success ? result.data : null;
    } catch {
      return null;
    }
  }

  #write(name: string, value: unknown): void {
    try {
      if (value === null) this.storage?.removeItem(PREFIX + name);
      else this.storage?.setItem(PREFIX + name, JSON.stringify(value));
    } catch {
      // Full or forbidden: the setting lasts as long as the page, which is what private windows are for.
    }
  }
}

/** The browser's storage, or null where touching it is forbidden. */
export function browserStorage(): TextStorage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/**
 * All that the page knows, as one record. Elements read it through the store and never keep copies of their own.
 */
import type { LabelSurvey } from '../../labels/reading/survey';
import { DEFAULT_VIEW, type OverlayView } from '../../overlay/view';
import type { IgnoreRegion } from '../../perception/engine';
import type { SceneEvent } from '../../scene/events';
import type { SceneCamera } from '../../scene/scene';
import type { SourceInfo, TimeRange } from '../../sources/source';
import type { InspectionReport } from '../../stage/inspection';
import type { EngineChoice, EngineReport, ModelProgress, StageReport } from '../../stage/stage-api';
import { DEFAULT_PALETTE, type PaletteName } from '../../taxonomy/palette';
import type { OwnModel } from '../model/own-model';
import type { CameraChoice, SourceRequest } from '../session/open-source';
import type { Notice } from './notices';
import type { UserMark } from './saved';

/** What the running source can do and where it stands. Times are seconds of media. */
export interface Playback {
  readonly info: SourceInfo;
  readonly request: SourceRequest;
  readonly playing: boolean;
  readonly seconds: number;
  readonly ended: boolean;
  readonly loop: boolean;
  /** Speed against the recording's own; below 0 runs backwards. */
  readonly rate: number;
  /** The part that is played, looped, analysed and exported; null for all. */
  readonly range: TimeRange | null;
  readonly canSeek: boolean;
  readonly canLoop: boolean;
  /** Whether it can be stepped by frames, slowed and cut to a range: a recording. */
  readonly canStep: boolean;
}

/** What is made of the running recording. */
export interface StudyState {
  readonly analysis: {
    readonly running: boolean;
    readonly complete: boolean;
    /** Frames whose records are there. */
    readonly frames: number;
    /** Share done, 0 to 1. */
    readonly share: number;
    /** Frames per second. */
    readonly rate: number;
    /** Seconds until done; null until it can be told. */
    readonly left: number | null;
  };
  /** Analyses that the browser keeps, of all recordings. */
  readonly kept: { readonly count: number; readonly bytes: number };
  /** Labels that lie beside the recording. */
  readonly labels: { readonly name: string; readonly count: number } | null;
  /** How the labels chosen last are read. While something about them is unsure they are not laid beside anything. */
  readonly reading: { readonly name: string; readonly survey: LabelSurvey } | null;
  /** The job that runs and writes a file. */
  readonly export: {
    /** What is being done. */
    readonly title: string;
    readonly share: number;
    readonly rate: number;
    readonly left: number | null;
  } | null;
}

/** A model that can be picked by name. */
export interface ModelChoice {
  readonly name: string;
  readonly title: string;
  readonly url: string;
  readonly note: string;
}

/** Size of the picture in upright pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** The pyramid inspector while it is open. */
export interface PyramidState {
  /** Coarsest first. */
  readonly levels: readonly boolean[];
  readonly heat: boolean;
  /** Bins a side of the grid that is drawn; null for none. */
  readonly cells: number | null;
  /** Whether the network is at work on it. */
  readonly busy: boolean;
  /** The newest answer; null before the first. */
  readonly report: InspectionReport | null;
  /** What switching each level off alone did, as far as it was tried; by the level's place. */
  readonly alone: readonly (InspectionReport | null)[];
}

/** The page's state. */
export interface AppState {
  /** Life of the stage worker; `gone` when it was given up. */
  readonly stage: 'starting' | 'running' | 'restarting' | 'gone';
  readonly view: OverlayView;
  /** Palette the colours came from; `own` once a colour was changed by hand. */
  readonly palette: PaletteName | 'own';
  readonly playback: Playback | null;
  readonly study: StudyState;
  /** The user's marks in the running recording, in order of time. */
  readonly marks: readonly UserMark[];
  /** Whether the sound of recordings is heard. */
  readonly sound: boolean;
  /** The source that is being opened, while the present one goes on. */
  readonly opening: SourceRequest | null;
  readonly cameras: readonly CameraChoice[];
  /** Drives that were found in the files chosen last; empty when there was one. */
  readonly drives: readonly SourceRequest[];
  readonly picture: PictureSize | null;
  /** Drawing and inference stopped by the user (sources without a pause of their own). */
  readonly paused: boolean;
  readonly engineChoice: EngineChoice;
  readonly engine: EngineReport | null;
  readonly models: readonly ModelChoice[];
  /** Title of the model that is being loaded, while the present one goes on. */
  readonly loading: string | null;
  readonly progress: ModelProgress | null;
  /** The user's own model that waits for answers. */
  readonly own: OwnModel | null;
  readonly report: StageReport | null;
  /** How the source's camera stands, as set by hand; null for the usual one, which finds itself. */
  readonly ground: SceneCamera | null;
  /** What happened in the scene of this source, oldest first. */
  readonly sceneLog: readonly SceneEvent[];
  /** Null while it is closed. */
  readonly pyramid: PyramidState | null;
  readonly notices: readonly Notice[];
  readonly region: IgnoreRegion | null;
  readonly editingRegion: boolean;
  /** Whether single keys are bound (they can be switched off for speech input and screen readers). */
  readonly keysOn: boolean;
  readonly fullScreen: boolean;
  /** The menu or sheet that is open. */
  readonly menu: 'sources' | 'models' | 'keys' | null;
  /** Whether the measured details are unfolded. */
  readonly details: boolean;
  /** The last thing said aloud to screen readers about the user's own action. */
  readonly spoken: string;
}

/** The state before anything has happened. */
export function initialState(): AppState {
  return {
    stage: 'starting',
    view: DEFAULT_VIEW,
    palette: DEFAULT_PALETTE,
    playback: null,
    marks: [],
    sound: false,
    study: {
      analysis: { running: false, complete: false, frames: 0, share: 0, rate: 0, left: null },
      kept: { count: 0, bytes: 0 },
      labels: null,
      reading: null,
      export: null,
    },
    opening: null,
    cameras: [],
    drives: [],
    picture: null,
    paused: false,
    engineChoice: 'auto',
    engine: null,
    models: [],
    loading: null,
    progress: null,
    own: null,
    report: null,
    ground: null,
    sceneLog: [],
    pyramid: null,
    notices: [],
    region: null,
    editingRegion: false,
    keysOn: true,
    fullScreen: false,
    menu: null,
    details: false,
    spoken: '',
  };
}

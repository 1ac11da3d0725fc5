/**
 * All that the page knows, as one record. Elements read it through the store and never keep copies of their own.
 */
import type { MapReport } from '../../basemap/map-service';
import type { OfflineState } from '../../offline/keep-offline';
import { DEFAULT_VIEW, type OverlayView } from '../../overlay/view';
import type { InspectionReport } from '../../stage/inspection';
import type {
  EngineChoice,
  EngineReport,
  ModelProgress,
  StageReport,
  ViewReport,
} from '../../stage/stage-api';
import { DEFAULT_PALETTE, type PaletteName } from '../../taxonomy/palette';
import type { SpeedUnit } from '../../telemetry/words';
import type { CameraLayout } from '../cameras/camera-layout';
import type { OwnModel } from '../model/own-model';
import type { CameraChoice, SourceRequest } from '../session/open-source';
import {
  NOT_ANALYSED,
  type Playback,
  type SessionState,
  type SourceSession,
} from '../session/source-session';
import { type DriveShare, NO_TELEMETRY, type TrackColour, USUAL_SHARE } from '../track/telemetry-state';
import type { Capability } from './capabilities';
import type { Notice } from './notices';
import { Store } from './state';

/** A job that runs and writes a file. */
export interface ExportState {
  /** What is being done. */
  readonly title: string;
  readonly share: number;
  readonly rate: number;
  readonly left: number | null;
}

/** How high a sheet stands. */
export type PanelHeight = 'low' | 'half' | 'full';

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

/** The page's own state. */
export interface PageState {
  /** Life of the stage worker; `gone` when it was given up. */
  readonly stage: 'starting' | 'running' | 'restarting' | 'gone';
  readonly view: OverlayView;
  /** Palette the colours came from; `own` once a colour was changed by hand. */
  readonly palette: PaletteName | 'own';
  /** The source that is open, with all that belongs to it. */
  readonly session: SourceSession | null;
  /** Analyses that the browser keeps, of all recordings. */
  readonly kept: { readonly count: number; readonly bytes: number };
  /** The job that writes a file; null while there is none. */
  readonly exporting: ExportState | null;
  /** How measured speeds are shown, and what the track on the map is coloured by. */
  readonly speedUnit: SpeedUnit;
  readonly trackColour: TrackColour;
  /** The map that lies under tracks; null for none. */
  readonly baseMap: MapReport | null;
  /** What of the drive goes into exports. */
  readonly driveShare: DriveShare;
  /** Whether the sound of recordings is heard. */
  readonly sound: boolean;
  /** The source that is being opened, while the present one goes on. */
  readonly opening: SourceRequest | null;
  /** How many of its files are opened, where it has many; null otherwise. */
  readonly openingFiles: { readonly done: number; readonly of: number } | null;
  /** The archive that is being unpacked, and the share of it that is; null otherwise. */
  readonly unpacking: { readonly name: string; readonly share: number } | null;
  readonly cameras: readonly CameraChoice[];
  /** Drives that were found in the files chosen last; empty when there was one. */
  readonly drives: readonly SourceRequest[];
  /** Size of the picture of the camera that is looked at. */
  readonly picture: PictureSize | null;
  /** How the pictures of several cameras stand; null for as fits their number. */
  readonly cameraLayout: CameraLayout | null;
  /** Drawing and inference stopped by the user (sources without a pause of their own). */
  readonly paused: boolean;
  readonly engineChoice: EngineChoice;
  /** The engine that was asked for, where it ended the page the last time and another one was started; else null. */
  readonly engineEnded: EngineChoice | null;
  readonly engine: EngineReport | null;
  readonly models: readonly ModelChoice[];
  /** Title of the model that is being loaded, while the present one goes on. */
  readonly loading: string | null;
  readonly progress: ModelProgress | null;
  /** The user's own model that waits for answers. */
  readonly own: OwnModel | null;
  /** Of the camera that is looked at. */
  readonly report: StageReport | null;
  /** Of all cameras, in their order, where there are several. */
  readonly reports: readonly ViewReport[];
  /** Null while it is closed. */
  readonly pyramid: PyramidState | null;
  readonly notices: readonly Notice[];
  readonly editingRegion: boolean;
  /** Whether people and vehicles are blurred in exported video and snapshots. */
  readonly blur: boolean;
  /** Whether single keys are bound (they can be switched off for speech input and screen readers). */
  readonly keysOn: boolean;
  readonly fullScreen: boolean;
  /** Whether the page is kept for visits without its server. */
  readonly offline: OfflineState;
  /** What the page would use and this browser has not. */
  readonly lacking: readonly Capability[];
  /** The menu or sheet that is open. */
  readonly menu: 'sources' | 'models' | 'keys' | null;
  /** Whether the tour is offered, and which of its steps stands; null while there is no tour. */
  readonly tourOffered: boolean;
  readonly tour: number | null;
  /** How high the panel stands where it is a sheet: on phones that are held upright. */
  readonly panel: PanelHeight;
  /** Whether the measured details are unfolded. */
  readonly details: boolean;
  /** The last thing said aloud to screen readers about the user's own action. */
  readonly spoken: string;
}

/** What elements read of the session, as if it were the page's; empty while nothing is open. */
export type OpenState = Omit<SessionState, 'playback'> & { readonly playback: Playback | null };

/** All that the page knows. */
export type AppState = PageState & OpenState;

/** Holds the page's state. */
export type AppStore = Store<PageState, OpenState>;

/** Makes the state before anything has happened. */
export function createStore(): AppStore {
  return new Store<PageState, OpenState>(initialState(), {
    playback: ({ session }) => session?.state.playback ?? null,
    rig: ({ session }) => session?.state.rig ?? NONE,
    chosen: ({ session }) => session?.state.chosen ?? 0,
    beside: ({ session }) => session?.state.beside ?? 0,
    region: ({ session }) => session?.state.region ?? null,
    mount: ({ session }) => session?.state.mount ?? null,
    marks: ({ session }) => session?.state.marks ?? NONE,
    reviewed: ({ session }) => session?.state.reviewed ?? NONE,
    sceneLog: ({ session }) => session?.state.sceneLog ?? NONE,
    labels: ({ session }) => session?.state.labels ?? null,
    reading: ({ session }) => session?.state.reading ?? null,
    analysis: ({ session }) => session?.state.analysis ?? NOT_ANALYSED,
    records: ({ session }) => session?.state.records ?? NONE,
    telemetry: ({ session }) => session?.state.telemetry ?? NO_TELEMETRY,
  });
}

/** One and the same: a new empty list would look like a change. */
const NONE: readonly never[] = [];

function initialState(): PageState {
  return {
    stage: 'starting',
    view: DEFAULT_VIEW,
    palette: DEFAULT_PALETTE,
    session: null,
    sound: false,
    speedUnit: 'km/h',
    trackColour: 'speed',
    baseMap: null,
    driveShare: USUAL_SHARE,
    kept: { count: 0, bytes: 0 },
    exporting: null,
    opening: null,
    openingFiles: null,
    unpacking: null,
    cameras: [],
    drives: [],
    picture: null,
    cameraLayout: null,
    paused: false,
    engineChoice: 'auto',
    engineEnded: null,
    engine: null,
    models: [],
    loading: null,
    progress: null,
    own: null,
    report: null,
    reports: [],
    pyramid: null,
    notices: [],
    editingRegion: false,
    blur: false,
    keysOn: true,
    fullScreen: false,
    offline: 'not yet',
    lacking: [],
    menu: null,
    tourOffered: false,
    tour: null,
    panel: 'half',
    details: false,
    spoken: '',
  };
}

/** What a recording says of its drive: read when it is opened, from files beside it too, shown and given away. */
import { CarriagewayError } from '../../errors';
import { listed } from '../../media/listed';
import { readCameraFile } from '../../sources/recording/drive-files/camera-names';
import { nameOf, type RecordingParts } from '../../sources/recording/recording';
import type { SourceInfo } from '../../sources/source';
import { gpxOf } from '../../telemetry/gpx-export';
import type { ReadTelemetry } from '../../telemetry/run-telemetry';
import { CUT_MAX, sharedTrack } from '../../telemetry/share-track';
import type { TelemetryRequest } from '../../telemetry/telemetry-service';
import type { SpeedUnit } from '../../telemetry/words';
import { say } from '../../words/words';
import { NAMELESS } from '../analysis/analysis-actions';
import type { SourceSession } from '../session/source-session';
import type { AppStore } from '../shell/app-state';
import { fileNameOf } from '../shell/format';
import type { Notices } from '../shell/notices';
import type { SavedSettings } from '../shell/saved';
import type { DriveShare, TrackColour } from './telemetry-state';

/** Files beside a recording that are read at most. */
const BESIDE_MAX = 500;

/** Reads and shows tracks. */
export class TrackActions {
  /** Ends the reading that is under way, when another begins. */
  #reading: AbortController | null = null;

  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly saved: Pick<SavedSettings, 'speedUnit' | 'saveSpeedUnit'>,
    private readonly ports: {
      readonly read: ReadTelemetry;
      readonly download: (blob: Blob, name: string) => void;
    },
  ) {
    store.update({ speedUnit: saved.speedUnit() });
  }

  /** Reads what a recording that was opened says, with what came along. */
  async begin(session: SourceSession): Promise<void> {
    const { request } = session;
    if (request.kind !== 'file') return;
    session.updateTelemetry({ beside: (request.tracks ?? []).slice(0, BESIDE_MAX) });
    await this.#read(session, 'inside');
  }

  /** Shows files beside the open recording, in place of what it says itself. */
  async openFiles(files: readonly File[]): Promise<void> {
    const { session } = this.store.state;
    if (session?.request.kind !== 'file') {
      this.notices.thrown(new CarriagewayError('track-without-recording'), 'track-without-recording');
      return;
    }
    session.updateTelemetry({ beside: files.slice(0, BESIDE_MAX), ahead: 0 });
    await this.#read(session, 'beside');
  }

  /** Moves the files beside the recording: their clock is ahead by so many seconds. */
  async setAhead(seconds: number): Promise<void> {
    const { session } = this.store.state;
    if (!session || !Number.isFinite(seconds)) return;
    session.updateTelemetry({ ahead: Math.max(-86_400, Math.min(86_400, seconds)) });
    await this.#read(session, 'beside');
  }

  setUnit(unit: SpeedUnit): void {
    this.saved.saveSpeedUnit(unit);
    this.store.update({ speedUnit: unit });
  }

  setColour(colour: TrackColour): void {
    this.store.update({ trackColour: colour });
  }

  /** Chooses what of the drive goes into exports. What is no number of metres leaves them as they were. */
  share(wish: Partial<DriveShare>): void {
    const { driveShare } = this.store.state;
    const wished = { ...driveShare, ...wish };
    const cut = Number.isFinite(wished.cut) ? Math.min(CUT_MAX, Math.max(0, wished.cut)) : driveShare.cut;
    this.store.update({ driveShare: { ...wished, cut } });
  }

  /**
   * Saves the track of the range, or of all, as GPX, without the surroundings of its start and end.
   * @param nameless whether the recording's name, which often tells date and time, is left out
   */
  exportGpx(nameless: boolean): void {
    const { telemetry, playback, driveShare } = this.store.state;
    if (!telemetry.track || !playback) return;
    const { cut } = driveShare;
    const track = sharedTrack(telemetry.track, { places: true, cut });
    const name = nameless ? NAMELESS : playback.info.title.replace(/\.[^.]+$/, '');
    const text = gpxOf(track, name, playback.range);
    if (text === null) {
      this.notices.thrown(
        new CarriagewayError('track-nothing-left', `${cut} m around start and end`),
        'export-failed',
      );
      return;
    }
    this.ports.download(new Blob([text], { type: 'application/gpx+xml' }), `${fileNameOf(name)}.gpx`);
    this.store.update({ spoken: say('spoken.track-exported') });
  }

  async #read(session: SourceSession, first: TelemetryRequest['first']): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const signal = AbortSignal.any([reading.signal, session.signal]);
    const { beside, ahead } = session.state.telemetry;
    const clips = clipsOf(session.request, session.state.playback.info);
    if (clips.length === 0) {
      // Pictures have no clock that a track could meet.
      if (beside.length > 0)
        this.notices.thrown(new CarriagewayError('track-without-recording'), 'track-without-recording');
      return;
    }
    session.updateTelemetry({ busy: true });
    try {
      const place = (await session.controls.place?.()) ?? null;
      const { track, unread, obscured } = await this.ports.read(
        {
          clips,
          beside: beside.map((file) => ({ name: file.name, file })),
          first: beside.length > 0 ? first : 'inside',
          ahead,
          place,
        },
        signal,
      );
      if (signal.aborted) return;
      session.updateTelemetry({ track, busy: false });
      if (unread.length > 0)
        this.notices.thrown(new CarriagewayError('track-unread', listed(unread, NAMED_MAX)), 'track-unread');
      if (obscured.length > 0)
        this.notices.thrown(
          new CarriagewayError('track-obscured', listed(obscured, NAMED_MAX)),
          'track-obscured',
        );
      if (track?.clock === 'assumed' && ahead === 0)
        this.notices.thrown(new CarriagewayError('track-unsure', track.from), 'track-unsure');
    } catch (thrown) {
      if (signal.aborted) return;
      session.updateTelemetry({ busy: false });
      this.notices.thrown(thrown, 'track-failed');
    }
  }
}

/** Names that a notice has room for. */
const NAMED_MAX = 5;

/** The video files of a recording, with what tells when they were made. */
function clipsOf(request: SourceSession['request'], info: SourceInfo): TelemetryRequest['clips'] {
  if (request.kind !== 'file') return [];
  const files = videosOf(request.parts);
  const duration = info.duration ?? 0;
  const parts = info.parts ?? (files.length === 1 ? [{ ...info, name: nameOf(files[0]!), start: 0 }] : []);
  return parts.flatMap(({ name, start, containerStart, began, beganZone }, i) => {
    // Parts of one camera are in the order of its files; of several, a part names its file.
    const file = request.parts.kind === 'videos' ? files[i] : files.find((each) => nameOf(each) === name);
    if (!file) return [];
    const shown = readCameraFile(nameOf(file)).clock;
    // A header that says UTC where the name says the same hour was written by a clock without a zone.
    const naive = shown !== null && began !== undefined && Math.abs(shown - began) < 3 * 60_000;
    const said = began === undefined ? [] : [{ ms: began, zone: naive ? null : (beganZone ?? null) }];
    return {
      file,
      name: nameOf(file),
      start,
      end: parts[i + 1]?.start ?? duration,
      containerStart: containerStart ?? 0,
      began: shown === null ? said : [...said, { ms: shown, zone: null }],
    };
  });
}

function videosOf(parts: RecordingParts): readonly Blob[] {
  if (parts.kind === 'videos') return parts.videos;
  return parts.kind === 'cameras' ? parts.cameras.flatMap(({ clips }) => clips.map(({ file }) => file)) : [];
}

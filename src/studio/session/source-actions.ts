/**
 * The running source: opens another while the present one goes on, hands it to the stage, and closes the old one's
 * session only when the new one is shown.
 */
import { CarriagewayError } from '../../errors';
import { Latest } from '../../media/latest';
import type { FrameHandle } from '../../media/timed-frame';
import type { Unpack } from '../../sources/packed/run-unpack';
import type { PackedFolder } from '../../sources/packed/unpack-folder';
import type { FrameSource, SourceControls } from '../../sources/source';
import { say } from '../../words/words';
import type { AppStore } from '../shell/app-state';
import type { Notices } from '../shell/notices';
import type { SavedSettings } from '../shell/saved';
import { type CameraChoice, type OpenSource, SEED_MAX, type SourceRequest } from './open-source';
import { SourceSession } from './source-session';
import { titleOf } from './source-words';

/** What the actions need from outside. */
export interface SourcePorts {
  readonly open: OpenSource;
  readonly listCameras: () => Promise<readonly CameraChoice[]>;
  /** Hands the reading ends of a source, one for each of its cameras, to the stage. */
  readonly attach: (handles: readonly FrameHandle[], key: string) => Promise<void>;
  /** Told of each session that is shown. */
  readonly opened: (session: SourceSession) => void;
  readonly unpack: Unpack;
  /** A number from 0 to 1, for the next street. */
  readonly random: () => number;
}

/** Seconds of one step with the arrow keys. */
export const SEEK_STEP = 1;

/** Seconds of one step with the page keys. */
export const SEEK_FAR = 10;

/** Opens, controls and closes sources. */
export class SourceActions {
  /** Rises with every request: a source that opens after a newer request is released at once. */
  #turn = 0;
  /** Ends the unpacking of an archive. */
  #unpacking: AbortController | null = null;
  /** A dragged seek bar asks for a hundred places a second; the source gets the one that matters. */
  readonly #seek = new Latest<number>(
    async (to) => this.controls?.seek?.(to),
    (thrown) => this.notices.thrown(thrown, 'source-failed'),
  );

  constructor(
    private readonly store: AppStore,
    private readonly notices: Notices,
    private readonly saved: SavedSettings,
    private readonly ports: SourcePorts,
  ) {}

  /** The running source's controls; null without a source. */
  get controls(): SourceControls | null {
    return this.#session?.controls ?? null;
  }

  /** Opens a source. The present one goes on until the new one is there, and stays when it fails. */
  async open(request: SourceRequest): Promise<void> {
    this.#unpacking?.abort();
    await this.#take(request, (source) => this.#show(source, request));
    // Labels of cameras are empty until one was allowed; now they may be known.
    if (request.kind === 'camera') await this.refreshCameras();
  }

  /**
   * Unpacks an archive that is to be opened as a folder; null where it holds labels. Another source, or another archive,
   * that is asked for meanwhile ends it.
   * @returns what was in it, or `superseded`
   * @throws CarriagewayError `archive-unreadable`
   */
  async unpack(name: string, archive: Blob, beside: boolean): Promise<PackedFolder | null | 'superseded'> {
    this.#unpacking?.abort();
    const unpacking = new AbortController();
    this.#unpacking = unpacking;
    const { signal } = unpacking;
    const told = (done: number, of: number): void => {
      // It comes by a way of its own, and may come behind the answer.
      if (!signal.aborted && this.#unpacking === unpacking)
        this.store.update({ unpacking: { name, share: of === 0 ? 0 : done / of } });
    };
    try {
      return await this.ports.unpack(archive, beside, told, signal);
    } catch (thrown) {
      if (signal.aborted) return 'superseded';
      throw thrown;
    } finally {
      if (this.#unpacking === unpacking) {
        this.#unpacking = null;
        this.store.update({ unpacking: null });
      }
    }
  }

  /** Opens the present source again and goes to where it stood: its frames went to a worker that is gone. */
  async reattach(): Promise<void> {
    const { session, opening } = this.store.state;
    // What was asked for last is on its way to the new worker by itself.
    if (session && !opening) await this.#take(session.request, (source) => this.#renew(session, source));
  }

  /** Stops or goes on; a source that cannot pause has its picture stopped in its place. */
  async togglePlay(): Promise<void> {
    const session = this.#session;
    if (!session) return;
    const { controls } = session;
    if (!controls.pause || !controls.play) {
      const paused = !this.store.state.paused;
      this.store.update({ paused, spoken: say(paused ? 'spoken.paused' : 'spoken.playing') });
      session.play({ playing: !paused });
      return;
    }
    const { ended, playing: now } = session.state.playback;
    const playing = !now;
    this.store.update({ spoken: say(playing ? 'spoken.playing' : 'spoken.paused') });
    await this.#control(async () => {
      if (playing && ended) await controls.seek?.(0);
      await (playing ? controls.play?.() : controls.pause?.());
      session.play(playing ? { playing, ended: false } : { playing });
    });
  }

  /** Goes to a time, clamped to the length of the source. */
  seekTo(seconds: number): void {
    const session = this.#session;
    if (!session?.controls.seek) return;
    const end = session.state.playback.info.duration ?? Number.POSITIVE_INFINITY;
    const to = Math.min(end, Math.max(0, seconds));
    session.play({ seconds: to, ended: false });
    this.#seek.push(to);
  }

  /**
   * Stops at a time: what is looked at must not run away. The jump does not wait until the picture before it stands, or
   * it would come after whatever the user asks for next.
   */
  standAt(seconds: number): void {
    if (this.store.state.playback?.playing) void this.togglePlay();
    this.seekTo(seconds);
  }

  /** Resolves once the source is where it was last told to go. */
  sought(): Promise<void> {
    return this.#seek.settled();
  }

  /**
   * Goes on or back by seconds, from where it was last sent: until it is there, the source tells of the places before,
   * and a key that is pressed again would be lost.
   */
  seekBy(seconds: number): void {
    this.seekTo((this.#seek.pending ?? this.store.state.playback?.seconds ?? 0) + seconds);
  }

  async setLoop(loop: boolean): Promise<void> {
    const session = this.#session;
    if (!session?.controls.setLoop) return;
    await this.#control(() => session.controls.setLoop?.(loop));
    session.play({ loop });
    this.store.update({ spoken: say(loop ? 'spoken.repeating' : 'spoken.not-repeating') });
  }

  async toggleLoop(): Promise<void> {
    await this.setLoop(!this.store.state.playback?.loop);
  }

  /** Another street, in the weather that was chosen. */
  async openNextDrive(): Promise<void> {
    const now = this.#session?.request;
    const mood = now?.kind === 'drive' ? now.mood : 'any';
    await this.open({ kind: 'drive', seed: this.randomSeed(), mood });
  }

  /** A seed other than the present one. */
  randomSeed(): number {
    const now = this.#session?.request;
    const seed = 1 + Math.floor(this.ports.random() * SEED_MAX);
    return now?.kind === 'drive' && now.seed === seed ? (seed % SEED_MAX) + 1 : Math.min(seed, SEED_MAX);
  }

  /** The camera; when one runs already, the next of the list. */
  async openNextCamera(): Promise<void> {
    const now = this.#session?.request;
    if (now?.kind !== 'camera') return this.open({ kind: 'camera', deviceId: null });
    const { cameras } = this.store.state;
    const at = cameras.findIndex((c) => c.deviceId === now.deviceId);
    await this.open({ kind: 'camera', deviceId: cameras[(at + 1) % cameras.length]?.deviceId ?? null });
  }

  /** Reads the list of cameras again; an unreadable list is an empty one. */
  async refreshCameras(): Promise<void> {
    try {
      this.store.update({ cameras: await this.ports.listCameras() });
    } catch {
      this.store.update({ cameras: [] });
    }
  }

  async dispose(): Promise<void> {
    this.#turn++;
    this.#unpacking?.abort();
    await this.#session?.dispose();
  }

  get #session(): SourceSession | null {
    return this.store.state.session;
  }

  /** Opens what was asked for and hands it on; what is not wanted any more, or fails on the way, is released. */
  async #take(request: SourceRequest, use: (source: FrameSource) => Promise<void>): Promise<void> {
    const turn = ++this.#turn;
    this.store.update({ opening: request, openingFiles: null });
    const told = (done: number, of: number): void => {
      // It comes by a way of its own, and may come behind the answer.
      if (turn === this.#turn && this.store.state.opening) this.store.update({ openingFiles: { done, of } });
    };
    let source: FrameSource | null = null;
    try {
      source = await this.#openBeside(request, told);
      if (turn !== this.#turn) return await source.dispose();
      await use(source);
    } catch (thrown) {
      await source?.dispose();
      if (turn === this.#turn) this.notices.thrown(thrown, failureOf(request));
    } finally {
      if (turn === this.#turn) this.store.update({ opening: null, openingFiles: null });
    }
  }

  /**
   * Opens a source beside the present one. Where the machine can have no two cameras open at once (phones) the present
   * one is closed first, and opened again when the other cannot be had.
   */
  async #openBeside(request: SourceRequest, told: (done: number, of: number) => void): Promise<FrameSource> {
    const present = this.#session;
    try {
      return await this.ports.open(request, told);
    } catch (thrown) {
      const busy = thrown instanceof CarriagewayError && thrown.code === 'camera-busy';
      if (!busy || request.kind !== 'camera' || present?.request.kind !== 'camera') throw thrown;
      await present.release();
      try {
        return await this.ports.open(request);
      } catch (again) {
        const back = await this.ports.open(present.request);
        await this.#renew(present, back).catch(async (lost) => {
          await back.dispose();
          throw lost;
        });
        throw again;
      }
    }
  }

  /** Puts a source, opened once more, in its session; the session may have been closed meanwhile. */
  async #renew(session: SourceSession, source: FrameSource): Promise<void> {
    await this.ports.attach(handlesOf(source), session.key);
    if (session.signal.aborted) await source.dispose();
    else await session.renew(source);
  }

  /** Makes the session of a source and shows it. Until it is shown, nothing of it is anywhere. */
  async #show(source: FrameSource, request: SourceRequest): Promise<void> {
    const session = new SourceSession(source, request, this.saved, (error) => this.notices.show(error));
    await this.ports.attach(handlesOf(source), session.key);
    const old = this.#session;
    const { info } = session.state.playback;
    this.store.update({
      session,
      picture: { width: info.width, height: info.height },
      paused: false,
      editingRegion: false,
      spoken: say('spoken.source', { title: titleOf({ request, info }) }),
    });
    // What was mended in it, and what of it is not played.
    for (const notice of info.notices ?? []) this.notices.show(notice);
    // Not behind the end of the one before, which may take a while: what the user began meanwhile would begin anew.
    this.ports.opened(session);
    await old?.dispose();
    if (session !== this.#session) return;
    const [event] = info.events ?? [];
    if (event) this.seekTo(event.seconds);
  }

  async #control(use: () => Promise<void> | undefined): Promise<void> {
    try {
      await use();
    } catch (thrown) {
      this.notices.thrown(thrown, 'source-failed');
    }
  }
}

/** The reading ends of all its cameras. */
function handlesOf(source: FrameSource): readonly FrameHandle[] {
  return Array.from({ length: source.info.cameras?.length ?? 1 }, (_, n) => source.handle(n));
}

/** What a failure without a code of its own is called. */
function failureOf(request: SourceRequest): 'drive-failed' | 'source-failed' | 'camera-busy' {
  if (request.kind === 'drive') return 'drive-failed';
  return request.kind === 'camera' ? 'camera-busy' : 'source-failed';
}

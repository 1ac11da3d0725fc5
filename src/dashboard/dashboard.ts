/**
 * The dashboard: a room's vehicles as tiles, their pictures through one worker. Keeps tiles, streams and the worker in
 * step, and asks the server only for what is looked at.
 */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import type { Leaving } from '../live/protocol';
import { drivableOf, type SharedMask } from '../live/shared-mask';
import { Viewing, type Want } from '../live/viewing';
import { DEFAULT_VIEW, type OverlayView } from '../overlay/view';
import { framesOfTrack, readsTracks, type TrackFrames } from '../sources/track-frames';
import type { LiveObjects, SeenMap, ViewReport } from '../stage/stage-api';
import { type ClientEvent, StageClient } from '../stage/stage-client';
import type { LinkStage } from '../stage/stage-link';
import type { ViewClient } from '../stage/view-client';
import { engineName } from '../studio/shell/names';
import { say } from '../words/words';
import { DashboardView } from './dashboard-view';
import { History } from './history';
import type { LiveParams } from './params';
import { sessionPorts } from './session-ports';
import type { Tile, TileActions } from './tile';
import { TileBoard } from './tile-board';

/** Milliseconds between two looks at the links. */
const FIGURES_INTERVAL = 1000;

/** A dashboard; `dispose` leaves the room and ends the worker. */
export class Dashboard implements TileActions {
  readonly view: DashboardView;
  readonly #stage: StageClient;
  /** What the stage shows, by tile. */
  readonly #views = new Map<string, ViewClient>();
  readonly #board: TileBoard;
  readonly #viewing: Viewing;
  readonly #history = new History();
  /** Tracks by vehicle, for a worker that has to be replaced. They belong to the room. */
  readonly #tracks = new Map<string, MediaStreamTrack>();
  /** What the worker reads, by tile: clones, which end with the tile or when the next takes its place. */
  readonly #clones = new Map<string, TrackFrames>();
  /** Why vehicles left whose tiles do not know it yet. */
  readonly #leavings = new Map<string, Leaving | null>();
  #base: OverlayView;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #lifetime = new AbortController();

  constructor(
    root: HTMLElement,
    private readonly params: LiveParams & { readonly room: string },
    linkStage: LinkStage,
  ) {
    // The road's edges alone: a tile is too small for boxes and distances.
    const scene = { ...DEFAULT_VIEW.scene, obstacles: false, path: false };
    this.#base = { ...DEFAULT_VIEW, sync: 'live', mode: params.mode, scene };
    this.view = new DashboardView(root, params, this.#history, {
      setMode: (mode) => this.#setBase({ mode }),
      setOpacity: (opacity) => this.#setBase({ opacity }),
      unfocus: () => this.focus(null),
      raise: (vehicle, kind, value) => this.#viewing.raiseAlarm(vehicle, kind, value),
      acknowledge: (alarm) => this.#viewing.acknowledgeAlarm(alarm),
    });
    const { engine } = params;
    this.#stage = new StageClient({
      link: linkStage,
      engine: () => (engine === 'off' ? 'cpu' : engine),
      manyViews: true,
      listener: (event) => this.#onEvent(event),
      restore: async () => {
        for (const [vehicle, track] of this.#tracks) this.#attach(vehicle, track);
        await this.#loadModel();
      },
    });
    this.#board = new TileBoard(this, {
      added: (tile) => this.#added(tile),
      left: (tile) => {
        this.#tracks.delete(tile.vehicle.id);
        tile.leaving = this.#leavings.get(tile.vehicle.id) ?? null;
        this.view.alarms.forget(tile.vehicle.id);
      },
      removed: (tile) => this.#removed(tile),
      arranged: (tiles) => {
        this.view.order(tiles);
        this.view.counts(tiles.length, this.#viewing.vehicles.length);
      },
    });
    this.#viewing = new Viewing(sessionPorts(params.room, 'view', params.token), {
      state: (state, error) => this.#sessionState(state, error),
      came: ({ name }) => this.view.came(name),
      left: ({ id, name }, reason) => {
        this.#leavings.set(id, reason);
        this.view.left(name, reason);
      },
      failed: ({ name }, error) => this.view.failed(name, error),
      vehicles: (vehicles) => {
        this.view.present(vehicles);
        this.#board.meet(vehicles);
        this.#leavings.clear();
        this.#wantAll();
      },
      track: (vehicle, track) => this.#attach(vehicle, track),
      unsupported: (vehicle) => {
        const tile = this.#board.of(vehicle);
        if (tile) tile.state = 'unsupported';
      },
      layer: (vehicle, spatial) => {
        const tile = this.#board.of(vehicle);
        if (tile) tile.element.dataset.layer = spatial === null ? 'none' : String(spatial);
      },
      mask: (mask) => this.#remoteMask(mask),
      alarms: (rules, alarms) => this.view.alarms.meet(rules, alarms),
      alarm: (alarm) => this.view.alarms.hear(alarm),
    });
  }

  /** Starts worker and session. Never rejects: what goes wrong is shown. */
  async start(): Promise<void> {
    const { signal } = this.#lifetime;
    const look = () => {
      this.#stage.setHidden(document.hidden);
      this.#wantAll();
    };
    document.addEventListener('visibilitychange', look, { signal });
    addEventListener('online', () => this.#viewing.session.refresh(), { signal });
    addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape' && this.#board.focused) this.focus(null);
      },
      { signal },
    );
    this.#viewing.start();
    this.#timer = setInterval(() => void this.#look(), FIGURES_INTERVAL);
    await Promise.all([this.#stage.start(), this.#loadModel()]);
  }

  async dispose(): Promise<void> {
    this.#lifetime.abort();
    clearInterval(this.#timer);
    await this.#viewing.leave();
    this.#board.dispose();
    for (const clone of this.#clones.values()) clone.dispose();
    this.#stage.dispose();
    this.view.dispose();
  }

  /** Breaks the connection as a network would: for tests. */
  drop(): void {
    this.#viewing.session.drop();
  }

  focus(tile: Tile | null): void {
    const before = this.#board.focused;
    this.#board.focus(tile);
    this.#focusChanged();
    (this.#board.focused ?? before)?.element.focus();
  }

  toggleOverlay(tile: Tile): void {
    tile.setOverlay(!tile.overlay);
    this.#views.get(tile.key)?.set({ overlay: this.#viewOf(tile) });
  }

  move(tile: Tile, by: -1 | 1): void {
    this.#board.move(tile, by);
    tile.element.focus();
  }

  dropped(key: string, on: Tile): void {
    this.#board.drop(key, on);
  }

  resized(tile: Tile): void {
    this.#views.get(tile.key)?.refreshSize();
  }

  seen(tile: Tile): void {
    this.#want(tile);
  }

  /** Loads the model that the address asks for. Never rejects: what goes wrong is shown. */
  async #loadModel(): Promise<void> {
    const { engine, model } = this.params;
    if (engine === 'off') {
      this.view.engine(say('dashboard.no-network'));
      return;
    }
    const url = model?.startsWith('/') ? model : `/models/${model}.json`;
    try {
      await this.#stage.loadModel(model === null ? { kind: 'auto' } : { kind: 'manifest', url });
      this.#stage.setSharing(true);
    } catch (thrown) {
      // A worker that was lost meanwhile is told by the client, and another is asked for the same.
      if (!(thrown instanceof CarriagewayError && thrown.code === 'worker-silent'))
        this.view.notice(reportOf(thrown, 'model-load-failed'));
    }
  }

  #onEvent(event: ClientEvent): void {
    switch (event.type) {
      case 'state':
        if (event.state !== 'running')
          this.view.engine(say(event.state === 'gone' ? 'dashboard.stopped' : 'viewer.starting'));
        break;
      case 'report':
        this.#report(event.views, event.liveObjects);
        break;
      case 'engine':
        this.view.engine(`${event.engine.title} · ${engineName(event.engine.kind)}`);
        break;
      case 'progress':
        this.view.engine(
          say(event.progress.phase === 'compile' ? 'dashboard.compiling' : 'dashboard.loading'),
        );
        break;
      case 'notice':
        // What befalls one tile is seen there; the room says whether its vehicle has left.
        if (event.key === null) this.view.notice(event.error);
        break;
      case 'seen':
        this.#share(event.key, event.map);
        break;
      case 'scene-events': {
        const tile = this.#board.withKey(event.key);
        if (tile) this.view.events.add(tile.vehicle.name, event.events, Date.now());
        break;
      }
      case 'picture':
      case 'source-ended':
        break;
    }
  }

  #report(views: readonly ViewReport[], objects: LiveObjects): void {
    const of = (tile: Tile | null) => views.find(({ key }) => key === tile?.key) ?? null;
    for (const tile of this.#board.tiles) {
      const report = of(tile);
      tile.update(report);
      this.view.alarms.look(tile, report, performance.now());
      if (report) this.#history.report(tile.vehicle.name, report);
    }
    const { focused } = this.#board;
    this.view.holds(objects);
    this.view.figures(
      focused,
      of(focused),
      views.reduce((sum, each) => sum + each.inferenceFps, 0),
    );
  }

  /** Sends on what the own model saw of a tile. */
  #share(key: string, { width, height, classes, drivable, edges }: SeenMap): void {
    const tile = this.#board.withKey(key);
    if (!tile) return;
    const share = drivable.reduce((sum, p) => sum + (p >= 128 ? 1 : 0), 0) / Math.max(1, drivable.length);
    const { vehicle, maskAge: age } = tile;
    this.#viewing.share({ vehicle: vehicle.id, width, height, classes, share, edges, age });
  }

  #remoteMask({ vehicle, width, height, classes, share, edges }: SharedMask): void {
    const tile = this.#board.of(vehicle);
    if (!tile) return;
    tile.remoteShare = share;
    const drivable = drivableOf(classes);
    this.#views.get(tile.key)?.showRemote({ width, height, classes, drivable, edges });
  }

  #sessionState(state: Parameters<DashboardView['session']>[0], error: ErrorReport | null): void {
    this.view.session(state, error);
    const broken = state === 'reconnecting' || state === 'joining';
    for (const tile of this.#board.tiles) {
      if (broken && tile.state === 'showing') tile.state = 'reconnecting';
      else if (state === 'joined' && tile.state === 'reconnecting') tile.state = 'showing';
    }
  }

  #added(tile: Tile): void {
    const view = this.#stage.addView(tile.key, tile, { overlay: this.#viewOf(tile), governed: false });
    this.#views.set(tile.key, view);
  }

  #removed(tile: Tile): void {
    this.#clones.get(tile.key)?.dispose();
    this.#clones.delete(tile.key);
    this.#focusChanged();
    this.#views.delete(tile.key);
    this.#stage.removeView(tile.key);
  }

  #focusChanged(): void {
    const { focused } = this.#board;
    this.view.setFocused(focused);
    this.#stage.focus(focused?.key ?? null);
    this.#wantAll();
  }

  /** Hands a track's frames to the worker. */
  #attach(vehicle: string, track: MediaStreamTrack): void {
    const tile = this.#board.of(vehicle);
    this.#tracks.set(vehicle, track);
    const view = tile && this.#views.get(tile.key);
    if (!view) return;
    if (!readsTracks()) {
      this.view.notice(reportOf(new Error('frames of a track cannot be read'), 'live-unsupported'));
      return;
    }
    this.#clones.get(tile.key)?.dispose();
    // A clone of its own for each reader: a track's frames can be taken once only.
    const frames = framesOfTrack(track.clone(), 'connection');
    this.#clones.set(tile.key, frames);
    // Lost with its worker, it is attached again to the next one.
    view.attach(frames.handle, tile.vehicle.name).catch(() => {});
  }

  #wantAll(): void {
    for (const tile of this.#board.tiles) this.#want(tile);
  }

  #want(tile: Tile): void {
    const hidden = document.hidden || !tile.visible;
    const alone = this.#board.tiles.length === 1;
    const want: Want = hidden ? 'nothing' : tile === this.#board.focused || alone ? 'full' : 'thumbnail';
    if (!this.#board.waits(tile)) this.#viewing.want(tile.vehicle.id, want);
    this.#views.get(tile.key)?.set({ paused: hidden });
  }

  #setBase(patch: Partial<OverlayView>): void {
    this.#base = { ...this.#base, ...patch };
    for (const tile of this.#board.tiles) this.#views.get(tile.key)?.set({ overlay: this.#viewOf(tile) });
  }

  #viewOf(tile: Tile): OverlayView {
    if (tile.overlay) return this.#base;
    return { ...this.#base, opacity: 0, outline: false, scene: { ...this.#base.scene, boundary: false } };
  }

  /** Reads the links' figures, for the tiles and the charts. */
  async #look(): Promise<void> {
    const path = await this.#viewing.path().catch(() => null);
    for (const tile of path ? [...this.#board.tiles] : []) {
      const figures = await this.#viewing.figures(tile.vehicle.id, path!).catch(() => null);
      if (!figures) continue;
      tile.figures = figures;
      this.#history.link(tile.vehicle.name, figures);
    }
    this.#history.tick();
    this.view.charts();
  }
}

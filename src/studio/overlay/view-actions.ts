/** Changes of the overlay's view. Each makes a new record, so that a watcher sees one change as one. */
import { type OverlayMode, type OverlayView, type SyncMode, viewOf } from '../../overlay/view';
import type { EngineReport } from '../../stage/stage-api';
import { DRIVING } from '../../taxonomy/classes';
import { DEFAULT_PALETTE, type HexColour, PALETTES, type PaletteName } from '../../taxonomy/palette';
import { say } from '../../words/words';
import type { AppState, AppStore } from '../shell/app-state';
import { className } from '../shell/names';

/** Overlay modes, in the order of the bar. */
export const MODES: readonly OverlayMode[] = ['drivable', 'classes', 'confidence'];

/** Palettes, in the order of the legend. */
export const PALETTE_NAMES: readonly PaletteName[] = ['colour-blind-safe', 'classic'];

/** One press of a key: twenty steps from nothing to everything are fine enough to tune and quick enough to cross. */
const STEP = 0.05;

/** Keeps 0.05 + 0.05 + … at two places, so that figures shown and compared are round. */
function rounded(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000;
}

/** Whether a view is of our own classes, for which there are palettes. */
export function isOurs({ classes }: Pick<OverlayView, 'classes'>): boolean {
  return classes.every(({ name }, id) => DRIVING[id]?.name === name);
}

/** What changes when a model runs: with another list of classes, all that belongs to each class begins anew. */
export function engineRuns(
  { view, palette }: Pick<AppState, 'view' | 'palette'>,
  engine: EngineReport,
): Pick<AppState, 'engine' | 'view' | 'palette'> {
  const fitted = viewOf(view, engine.classes);
  return { engine, view: fitted, palette: fitted === view ? palette : DEFAULT_PALETTE };
}

/** Changes the view. */
export class ViewActions {
  constructor(private readonly store: AppStore) {}

  setMode(mode: OverlayMode): void {
    this.#change({ mode }, say('spoken.overlay', { mode: say(`mode.${mode}`) }));
  }

  nextMode(): void {
    const at = MODES.indexOf(this.#view.mode);
    this.setMode(MODES[(at + 1) % MODES.length]!);
  }

  /** @param opacity 0 (picture only) to 1 (paint only); clamped */
  setOpacity(opacity: number): void {
    const value = rounded(opacity);
    this.#change({ opacity: value }, say('spoken.opacity', { percent: Math.round(value * 100) }));
  }

  /** @param direction −1 for weaker, 1 for stronger */
  nudgeOpacity(direction: -1 | 1): void {
    this.setOpacity(this.#view.opacity + direction * STEP);
  }

  setVisible(id: number, visible: boolean): void {
    const list = this.#view.visible.map((v, i) => (i === id ? visible : v));
    this.#change(
      { visible: list },
      say(visible ? 'spoken.shown' : 'spoken.hidden', {
        name: className(this.#view.classes[id]?.name ?? 'none'),
      }),
    );
  }

  toggleVisible(id: number): void {
    if (id >= this.#view.visible.length) return;
    this.setVisible(id, !this.#view.visible[id]);
  }

  /** Shows all classes, or none. */
  setAllVisible(visible: boolean): void {
    this.#change(
      { visible: this.#view.visible.map(() => visible) },
      say(visible ? 'spoken.all-shown' : 'spoken.all-hidden'),
    );
  }

  setColour(id: number, colour: HexColour): void {
    const colours = this.#view.colours.map((c, i) => (i === id ? colour : c));
    this.store.update({ view: { ...this.#view, colours }, palette: 'own' });
  }

  setPalette(palette: PaletteName): void {
    this.store.update({
      view: { ...this.#view, colours: isOurs(this.#view) ? PALETTES[palette] : this.#ownColours() },
      palette,
      spoken: say('spoken.palette', { name: say(`palette.${palette}`) }),
    });
  }

  nextPalette(): void {
    const { palette } = this.store.state;
    const at = palette === 'own' ? -1 : PALETTE_NAMES.indexOf(palette);
    this.setPalette(PALETTE_NAMES[(at + 1) % PALETTE_NAMES.length]!);
  }

  toggleOutline(): void {
    this.#change(
      { outline: !this.#view.outline },
      say(this.#view.outline ? 'spoken.outline-off' : 'spoken.outline-on'),
    );
  }

  toggleSplit(): void {
    const split = this.#view.split === null ? 0.5 : null;
    this.#change({ split }, say(split === null ? 'spoken.split-off' : 'spoken.split-on'));
  }

  /** @param position 0 (left edge) to 1; clamped */
  setSplit(position: number): void {
    this.#change({ split: rounded(position) });
  }

  /** Moves the divider; opens the split view when it is closed. */
  nudgeSplit(direction: -1 | 1): void {
    this.setSplit((this.#view.split ?? 0.5) + direction * STEP);
  }

  setSync(sync: SyncMode): void {
    this.#change({ sync }, say(sync === 'live' ? 'spoken.live' : 'spoken.synced'));
  }

  toggleSync(): void {
    this.setSync(this.#view.sync === 'live' ? 'synced' : 'live');
  }

  /** The colours that the model's list brings along. */
  #ownColours(): readonly HexColour[] {
    return this.#view.classes.map(({ colour }) => colour);
  }

  get #view(): OverlayView {
    return this.store.state.view;
  }

  #change(patch: Partial<OverlayView>, spoken?: string): void {
    this.store.update({ view: { ...this.#view, ...patch }, ...(spoken === undefined ? {} : { spoken }) });
  }
}

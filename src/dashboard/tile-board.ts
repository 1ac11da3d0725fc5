/**
 * The tiles of a dashboard in their order: which vehicle each shows, which one is focused, and those whose vehicle has
 * left and may come back.
 */
import type { Vehicle } from '../live/protocol';
import { Tile, type TileActions } from './tile';

/** Most tiles of a page: more would be stamps. The room may hold more vehicles. */
const TILES_MAX = 9;

/** Milliseconds for which the tile of a vehicle that left waits for it to come back. */
const LINGER = 20_000;

/** What the board tells its page. */
export interface BoardEvents {
  added(tile: Tile): void;
  /** Its vehicle has left; its last picture stays for a while. */
  left(tile: Tile): void;
  /** It is gone for good, and disposed of. */
  removed(tile: Tile): void;
  /** Tiles came, went or changed places. */
  arranged(tiles: readonly Tile[]): void;
}

/** Owns the tiles. */
export class TileBoard {
  readonly #tiles: Tile[] = [];
  readonly #lingering = new Map<Tile, ReturnType<typeof setTimeout>>();
  #focused: Tile | null = null;
  #vehicles: readonly Vehicle[] = [];
  #next = 1;

  constructor(
    private readonly actions: TileActions,
    private readonly events: BoardEvents,
  ) {}

  get tiles(): readonly Tile[] {
    return this.#tiles;
  }

  get focused(): Tile | null {
    return this.#focused;
  }

  /** The tile of a vehicle that is there. */
  of(vehicle: string): Tile | undefined {
    return this.#tiles.find((tile) => tile.vehicle.id === vehicle && !this.#lingering.has(tile));
  }

  withKey(key: string): Tile | undefined {
    return this.#tiles.find((tile) => tile.key === key);
  }

  /** Whether a tile waits for its vehicle to come back. */
  waits(tile: Tile): boolean {
    return this.#lingering.has(tile);
  }

  /** Brings the tiles in step with a room's vehicles. */
  meet(vehicles: readonly Vehicle[]): void {
    this.#vehicles = vehicles;
    for (const tile of [...this.#tiles])
      if (!vehicles.some((vehicle) => vehicle.id === tile.vehicle.id)) this.#leave(tile);
    for (const vehicle of vehicles) {
      const present = this.of(vehicle.id);
      if (present) {
        // It may have fallen silent.
        present.rename(vehicle);
        continue;
      }
      const waiting = [...this.#lingering.keys()].find((tile) => tile.vehicle.name === vehicle.name);
      if (waiting) this.#comeBack(waiting, vehicle);
      else if (this.#tiles.length < TILES_MAX) this.#add(vehicle);
    }
    this.events.arranged(this.#tiles);
  }

  /** Focuses a tile; null, or the one that is focused already, leaves none focused. */
  focus(tile: Tile | null): void {
    this.#focused = tile === this.#focused ? null : tile;
    for (const each of this.#tiles) each.focused = each === this.#focused;
  }

  /** @param by places forward or backward; nothing happens at either end */
  move(tile: Tile, by: -1 | 1): void {
    this.#place(tile, this.#tiles.indexOf(tile) + by);
  }

  /** Puts the tile with a key where another is. */
  drop(key: string, on: Tile): void {
    const dragged = this.withKey(key);
    if (dragged && dragged !== on) this.#place(dragged, this.#tiles.indexOf(on));
  }

  dispose(): void {
    for (const timer of this.#lingering.values()) clearTimeout(timer);
    this.#lingering.clear();
    for (const tile of this.#tiles.splice(0)) tile.dispose();
  }

  #place(tile: Tile, to: number): void {
    if (to < 0 || to >= this.#tiles.length) return;
    this.#tiles.splice(this.#tiles.indexOf(tile), 1);
    this.#tiles.splice(to, 0, tile);
    this.events.arranged(this.#tiles);
  }

  #add(vehicle: Vehicle): void {
    const tile = new Tile(`tile-${this.#next++}`, vehicle, this.actions);
    this.#tiles.push(tile);
    // On the page first: its canvas takes its size from there.
    this.events.arranged(this.#tiles);
    tile.state = 'waiting';
    this.events.added(tile);
  }

  #leave(tile: Tile): void {
    if (this.#lingering.has(tile)) return;
    // First: what the tile says has the reason in it.
    this.events.left(tile);
    tile.state = 'gone';
    tile.figures = null;
    this.#lingering.set(
      tile,
      setTimeout(() => this.#remove(tile), LINGER),
    );
  }

  #comeBack(tile: Tile, vehicle: Vehicle): void {
    clearTimeout(this.#lingering.get(tile));
    this.#lingering.delete(tile);
    tile.rename(vehicle);
    tile.state = 'waiting';
  }

  #remove(tile: Tile): void {
    this.#lingering.delete(tile);
    this.#tiles.splice(this.#tiles.indexOf(tile), 1);
    if (this.#focused === tile) this.focus(null);
    tile.dispose();
    this.events.removed(tile);
    // One that found no place before may have it now.
    this.meet(this.#vehicles);
  }
}

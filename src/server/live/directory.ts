/**
 * Who hosts what, when several server processes share rooms. A process announces the vehicles that come in at it and
 * hears of the others'. A process that dies is forgotten with all that it announced.
 */
import type { Vehicle } from '../../live/protocol.ts';

/** A server process. */
export interface Node {
  readonly id: string;
  /** Address at which the other processes reach it, with a final slash. */
  readonly url: string;
}

/** A vehicle and the process it comes in at. */
export interface Listing {
  readonly vehicle: Vehicle;
  readonly node: Node;
}

/** The directory as one process sees it. */
export interface Directory extends AsyncDisposable {
  /** This process. */
  readonly self: Node;
  announce(room: string, vehicle: Vehicle): Promise<void>;
  withdraw(room: string, vehicle: string): Promise<void>;
  /**
   * Calls back with the vehicles of a room that come in at other processes: once before this resolves, and whenever
   * they change.
   * @returns ends the calls
   */
  watch(room: string, listener: (listings: readonly Listing[]) => void): Promise<() => void>;
  /** Calls back with the processes that live, whenever they change. */
  onNodes(listener: (alive: ReadonlySet<string>) => void): void;
}

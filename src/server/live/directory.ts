/**
 * Who hosts what, when several server processes share rooms. Each process tells the whole of what comes in at it, again
 * and again; nobody tells or forgets for another. A process that falls silent is forgotten, and is back with all it has
 * as soon as it is heard again.
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

/** A token that opens nothing any more. */
export interface Revocation {
  readonly id: string;
  /** When it would have ended by itself, in seconds since 1970. */
  readonly until: number;
}

/** What a process is told of the others. */
export interface DirectoryListener {
  /** The processes that live, whenever they change. */
  nodes(alive: ReadonlySet<string>): void;
  revoked(revocations: readonly Revocation[]): void;
}

/** The directory as one process sees it. Nothing here waits for anybody, or throws. */
export interface Directory extends AsyncDisposable {
  /** This process. */
  readonly self: Node;
  /** Whether the others hear this process, and it them. */
  readonly connected: boolean;
  /** How many other processes are heard. */
  readonly others: number;
  announce(room: string, vehicle: Vehicle): void;
  withdraw(room: string, vehicle: string): void;
  revoke(revocation: Revocation): void;
  /**
   * Calls back with the vehicles of a room that come in at other processes, at once and whenever they change.
   * @returns `known` resolves when they are known, or cannot be
   */
  watch(
    room: string,
    listener: (listings: readonly Listing[]) => void,
  ): { readonly unwatch: () => void; readonly known: Promise<void> };
  listen(listener: DirectoryListener): void;
}

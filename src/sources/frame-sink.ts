/** Where a player's frames go: the sending end of a port, or of one for each camera. */
import type { TimedFrame } from '../media/timed-frame';

/** See `FramePortSender` and `PortFan`. */
export interface FrameSink {
  /** Whether nobody reads any more. */
  readonly closed: boolean;
  /** Whether a frame is waited for. */
  readonly wanted: boolean;
  /** Resolves to true once a frame is wanted, to false once nobody reads any more. */
  ready(): Promise<boolean>;
  /**
   * Gives frames away.
   * @param beside what the other cameras show at the same moment, in their order
   */
  send(frame: TimedFrame, beside?: readonly TimedFrame[]): boolean;
  /** Says that no frame follows. */
  end(): void;
  close(): void;
}

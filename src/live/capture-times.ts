/**
 * When a picture was taken, told by its sender (RTP header extension `abs-capture-time`). Browsers that know it offer it
 * only when they are asked to: here every connection asks, since mediasoup-client makes its connections by itself.
 */

/** Name of the extension. */
const CAPTURE_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';

/** Milliseconds from 1900, where NTP counts from, to 1970. */
const NTP_TO_UNIX = 2_208_988_800_000;

/** Longest time from taking to showing that is believed, in milliseconds. */
const LONGEST = 60_000;

/** What TypeScript's DOM does not know yet (WebRTC Extensions, 5.4 and 7). */
interface Extension {
  readonly uri: string;
  direction: RTCRtpTransceiverDirection;
}
interface Negotiable {
  getHeaderExtensionsToNegotiate?(): Extension[];
  setHeaderExtensionsToNegotiate?(extensions: Extension[]): void;
}

/** What a receiver knows of the picture it gave last. */
export interface SynchronizationSource {
  readonly captureTimestamp?: number | undefined;
  readonly senderCaptureTimeOffset?: number | undefined;
}

/** Has every connection of this page ask for times of capture, where the browser lets it. Once is enough. */
export function askForCaptureTimes(
  scope: { RTCPeerConnection?: typeof RTCPeerConnection } = globalThis,
): void {
  const Plain = scope.RTCPeerConnection;
  if (!Plain || asks.has(Plain)) return;
  class Asking extends Plain {
    override createOffer(...args: unknown[]): never {
      for (const each of this.getTransceivers()) ask(each);
      return super.createOffer(...(args as [])) as never;
    }

    override createAnswer(...args: unknown[]): never {
      for (const each of this.getTransceivers()) ask(each);
      return super.createAnswer(...(args as [])) as never;
    }
  }
  asks.add(Asking);
  scope.RTCPeerConnection = Asking;
}

const asks = new WeakSet<object>();

function ask(transceiver: RTCRtpTransceiver): void {
  const negotiable = transceiver as RTCRtpTransceiver & Negotiable;
  const known = negotiable.getHeaderExtensionsToNegotiate?.() ?? [];
  const wanted = known.find(({ uri }) => uri === CAPTURE_TIME);
  if (wanted?.direction !== 'stopped') return;
  wanted.direction = 'sendrecv';
  try {
    negotiable.setHeaderExtensionsToNegotiate?.(known);
  } catch {
    // A transceiver that is stopped, or a browser that only tells: then there are none.
  }
}

/** When the picture given last was taken, in milliseconds since 1970 by its sender's clock; null where nobody said it. */
export function captureOf(sources: readonly SynchronizationSource[]): number | null {
  const [source] = sources;
  const stamp = source?.captureTimestamp;
  if (stamp === undefined || !Number.isFinite(stamp) || stamp <= 0) return null;
  const offset = source?.senderCaptureTimeOffset ?? 0;
  return (stamp > NTP_TO_UNIX ? stamp - NTP_TO_UNIX : stamp) + offset;
}

/**
 * From taking a picture to its being here.
 * @param capture see `captureOf`
 * @param sender milliseconds to be added to the sender's clock for the server's
 * @param own the same of the clock here
 * @param now milliseconds since 1970 by the clock here
 * @returns milliseconds; null where a clock is not known, or what comes out cannot be
 */
export function sinceCapture(
  capture: number | null,
  sender: number | null,
  own: number | null,
  now: number,
): number | null {
  if (capture === null || sender === null || own === null) return null;
  const passed = now + own - (capture + sender);
  return passed >= 0 && passed <= LONGEST ? passed : null;
}

/** How often the server is asked for its time: the quickest answer tells it best. */
const QUESTIONS = 4;

/**
 * Milliseconds to be added to the clock here for the server's, by half the way of the quickest answer (as NTP does).
 * @param ask asks the server for its time, in milliseconds since 1970
 */
export async function clockOffset(
  ask: () => Promise<number>,
  now: () => number = () => performance.timeOrigin + performance.now(),
): Promise<number> {
  let [best, offset] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < QUESTIONS; i++) {
    const asked = now();
    const told = await ask();
    const answered = now();
    if (answered - asked >= best) continue;
    best = answered - asked;
    offset = told - (asked + answered) / 2;
  }
  return offset;
}

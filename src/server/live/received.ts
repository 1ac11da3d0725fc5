/** What came in at a peer's transport. */
import type { types } from 'mediasoup';
import { within } from '../deadline.ts';

/** A transport of a peer's own. */
export type OwnTransport = types.WebRtcTransport | types.PlainTransport;

/** Milliseconds for figures of a transport: who cannot tell them is leaving. */
const STATS_LIMIT = 1500;

type Received = Pick<types.PlainTransportStat, 'bytesReceived' | 'rtpBytesReceived' | 'rtxBytesReceived'>;

/**
 * Bytes that are held against a peer. A dashcam has a port of its own: what comes there under another key is a
 * stranger's, and not held against it.
 * @throws DeadlineError when the worker does not tell
 */
export async function receivedBy(transport: OwnTransport): Promise<number> {
  const stats = transport.getStats();
  const [first] = await within<readonly Received[]>(stats, STATS_LIMIT, 'A transport');
  if (!first) return 0;
  return transport.type === 'plain' ? first.rtpBytesReceived + first.rtxBytesReceived : first.bytesReceived;
}

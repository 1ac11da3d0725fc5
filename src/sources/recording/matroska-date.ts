/** When a Matroska or WebM file says that it was made (RFC 9559, 5.1.2.11): always by the clock of UTC. */
import { ByteWindow } from './clock/byte-window';
import { elementsIn, ID } from './clock/elements';
import type { RecorderTime } from './creation-time';

const DATE = 0x4461;

/** Its times count from here, in milliseconds since 1970. */
const EPOCH = Date.UTC(2001, 0, 1);

/** Elements of a level that are looked at: what is told of a file stands at its beginning. */
const LOOKED_AT = 16;

/** The time; null where it does not say, or the file is another. */
export async function matroskaDate(blob: Blob): Promise<RecorderTime | null> {
  const bytes = new ByteWindow(blob);
  const top = await elementsIn(bytes, 0, blob.size, 2);
  const segment = top.find(({ id }) => id === ID.segment);
  if (top[0]?.id !== ID.head || !segment) return null;
  const level = await elementsIn(bytes, segment.body, Math.min(segment.to, blob.size), LOOKED_AT);
  const info = level.find(({ id }) => id === ID.info);
  const date =
    info && (await elementsIn(bytes, info.body, Math.min(info.to, blob.size), 64)).find((e) => e.id === DATE);
  if (!date) return null;
  const view = await bytes.read(date.body, 8);
  if (view.byteLength < 8 || date.to - date.body !== 8) return null;
  const nanoseconds = view.getBigInt64(0);
  // Nought is a clock that was never set, and so is what lies before.
  return nanoseconds > 0n ? { ms: EPOCH + Number(nanoseconds / 1_000_000n), zone: 0 } : null;
}

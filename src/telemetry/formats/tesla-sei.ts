/**
 * What Teslas write into each picture (firmware 2025.44.25 and later): an SEI message of user data (H.264, 7.3.2.3 and
 * D.2.7), some `B` and an `i`, then protobuf by the public schema of teslamotors/dashcam. Speeds are metres a second,
 * angles degrees; there is no time in it but the picture's own. Of pictures in between none is looked at: ten a second
 * are enough for a curve.
 */
import { FIXES_MAX, type Fix, NO_FIX, type Reading } from '../reading';
import type { SampleTrack } from './mp4-samples';

/** Seconds between two pictures that are looked at. */
const STEP = 0.1;
/** Bytes of a picture that are looked at: messages stand before it. */
const HEAD = 2048;
/** Pictures without any message after which a file is taken to have none. */
const PATIENCE = 40;

/** Numbers of the schema's fields that are shown. */
const FIELDS = { speed: 4, steering: 6, brake: 9, latitude: 11, longitude: 12, heading: 13 } as const;

/** Reads the messages of a file's pictures; null when there is none. */
export async function readTeslaSei(file: Blob, tracks: readonly SampleTrack[]): Promise<Reading | null> {
  const track = tracks.find(({ handler, coding }) => handler === 'vide' && /^avc[13]$/.test(coding));
  if (!track) return null;
  const fixes: Fix[] = [];
  let [next, silent, damaged] = [0, 0, 0];
  for (const { at, size, seconds } of await track.samples()) {
    if (seconds < next - 1e-6) continue;
    if (fixes.length >= FIXES_MAX || (fixes.length === 0 && silent >= PATIENCE)) break;
    const head = new Uint8Array(await file.slice(at, at + Math.min(size, HEAD)).arrayBuffer());
    const message = messageIn(head);
    if (!message) {
      silent++;
      continue;
    }
    next = seconds + STEP;
    const fix = fixOf(message);
    if (fix) fixes.push({ ...fix, seconds });
    else damaged++;
  }
  return fixes.length === 0 ? null : { format: 'tesla', fixes, clock: 'utc', zone: null, damaged };
}

/** The protobuf in a picture; null without. Units of the picture stand behind their lengths (14496-15, 5.3.4.2). */
function messageIn(picture: Uint8Array): Uint8Array | null {
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength);
  for (let at = 0; at + 6 <= picture.length; ) {
    const length = view.getUint32(at);
    const kind = picture[at + 4]! & 0x1f;
    // What follows is the picture itself.
    if (length === 0 || kind === 1 || kind === 5) return null;
    if (kind === 6 && picture[at + 5] === 5) {
      const found = userData(unescaped(picture.subarray(at + 6, Math.min(picture.length, at + 4 + length))));
      if (found) return found;
    }
    at += 4 + length;
  }
  return null;
}

/** Behind the message's size: `B`, at least one, then `i`, then the protobuf up to the size that was told. */
function userData(bytes: Uint8Array): Uint8Array | null {
  let [at, size] = [0, 0];
  while (at < bytes.length && bytes[at] === 0xff) {
    size += 255;
    at++;
  }
  size += bytes[at] ?? 0;
  const from = at + 1;
  let start = from;
  while (bytes[start] === 0x42) start++;
  if (start === from || bytes[start] !== 0x69) return null;
  return bytes.subarray(start + 1, Math.min(bytes.length, from + size));
}

/** Without the bytes that keep a message from looking like the beginning of a unit (H.264, 7.4.1). */
function unescaped(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let [to, zeros] = [0, 0];
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    out[to++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return out.subarray(0, to);
}

/** Fields that are not there have their usual value, nought, as proto3 has it; a place of noughts is none. */
function fixOf(message: Uint8Array): Fix | null {
  const said = fieldsOf(message);
  if (!said) return null;
  const value = (field: number): number => said.get(field) ?? 0;
  const [latitude, longitude] = [value(FIELDS.latitude), value(FIELDS.longitude)];
  const placed = latitude !== 0 || longitude !== 0;
  return {
    ...NO_FIX,
    speed: value(FIELDS.speed),
    steering: value(FIELDS.steering),
    brake: value(FIELDS.brake) !== 0,
    heading: placed || said.has(FIELDS.heading) ? value(FIELDS.heading) : null,
    latitude: placed ? latitude : null,
    longitude: placed ? longitude : null,
  };
}

/** Numbers of a message by their fields; null when it is cut or no protobuf (protobuf.dev, "Encoding"). */
function fieldsOf(message: Uint8Array): Map<number, number> | null {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const fields = new Map<number, number>();
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (let n = 0; n < 10; n++) {
      const byte = message[at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    return Number.NaN;
  };
  while (at < message.length) {
    const tag = varint();
    if (!Number.isFinite(tag)) return null;
    const [field, wire] = [Math.floor(tag / 8), tag % 8];
    if (wire === 0) {
      const value = varint();
      if (!Number.isFinite(value)) return null;
      fields.set(field, value);
    } else if (wire === 5 || wire === 1) {
      const size = wire === 5 ? 4 : 8;
      if (at + size > message.length) return null;
      fields.set(field, wire === 5 ? view.getFloat32(at, true) : view.getFloat64(at, true));
      at += size;
    } else if (wire === 2) at += varint();
    else return null;
  }
  return at === message.length ? fields : null;
}

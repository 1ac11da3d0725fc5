/**
 * What sound a Matroska file holds where its track names only "a Windows format" (`A_MS/ACM`): the format's number stands
 * in the track's private data (WAVEFORMATEX; the numbers are those of RFC 2361).
 */

/** Bytes at the beginning of a file in which its tracks are described. */
const DESCRIPTION_BYTES = 1024 * 1024;

/** The element that holds the private data (RFC 9559, "CodecPrivate"). */
const PRIVATE = [0x63, 0xa2] as const;

const CODEC_NAME = 'A_MS/ACM';

/** Formats by their number. */
const FORMATS: Readonly<Record<number, string>> = {
  1: 'pcm-s16',
  2: 'MS ADPCM',
  6: 'alaw',
  7: 'ulaw',
  17: 'IMA ADPCM',
  49: 'GSM',
  69: 'G.726 ADPCM',
  85: 'mp3',
  255: 'aac',
};

/** Name of the first such sound in a file; null when there is none, or its number is unknown. */
export async function waveFormatOf(blob: Blob): Promise<string | null> {
  const bytes = new Uint8Array(await blob.slice(0, DESCRIPTION_BYTES).arrayBuffer());
  const name = indexOf(
    bytes,
    [...CODEC_NAME].map((letter) => letter.charCodeAt(0)),
    0,
  );
  if (name < 0) return null;
  // The private data stands beside the name, in front of it or behind it.
  for (const from of [name, Math.max(0, name - 256)]) {
    const at = indexOf(bytes, PRIVATE, from);
    if (at < 0) continue;
    const lead = bytes[at + 2] ?? 0;
    const width = Math.clz32(lead) - 23;
    const tag = (bytes[at + 2 + width] ?? 0) | ((bytes[at + 3 + width] ?? 0) << 8);
    const format = FORMATS[tag];
    if (format) return format;
  }
  return null;
}

function indexOf(bytes: Uint8Array, pattern: readonly number[], from: number): number {
  for (let at = bytes.indexOf(pattern[0]!, from); at >= 0; at = bytes.indexOf(pattern[0]!, at + 1))
    if (pattern.every((byte, i) => bytes[at + i] === byte)) return at;
  return -1;
}

/** Tells recordings that are encrypted from recordings that are damaged. */

/** Bytes at either end of a file in which its description is looked for: that of an hour fits. */
const DESCRIPTION_BYTES = 4 * 1024 * 1024;

/** Whether an MP4 says that its pictures are encrypted: sample entries called `encv` (ISO/IEC 14496-12, 8.12). */
export async function isEncrypted(blob: Blob): Promise<boolean> {
  for (const part of [
    blob.slice(0, DESCRIPTION_BYTES),
    blob.slice(Math.max(0, blob.size - DESCRIPTION_BYTES)),
  ]) {
    const text = new TextDecoder('latin1').decode(await part.arrayBuffer());
    if (text.includes('encv') && text.includes('sinf')) return true;
  }
  return false;
}

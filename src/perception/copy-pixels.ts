/** The pixels of a frame as bytes, four a pixel, whatever format it has. */

/**
 * Copies all that is visible of a frame: red, green, blue, and a fourth byte that means nothing.
 *
 * Formats with an unused channel are copied as they are and put in order here: Chromium 156 converts them as if that
 * channel were opacity, so that whatever happens to lie in it changes the colours.
 *
 * @param frame stays the caller's
 * @param bytes width · height · 4 of them
 * @param width of what is visible, in pixels
 * @throws whatever the browser throws for a closed frame, or one it cannot convert
 */
export async function copyPixels(
  frame: VideoFrame,
  bytes: Uint8Array<ArrayBuffer>,
  width: number,
): Promise<void> {
  const layout = [{ offset: 0, stride: width * 4 }];
  const { format } = frame;
  if (format !== 'RGBX' && format !== 'BGRX') {
    await frame.copyTo(bytes, { format: 'RGBA', layout });
    return;
  }
  await frame.copyTo(bytes, { layout });
  if (format === 'BGRX') swapRedAndBlue(bytes);
}

function swapRedAndBlue(bytes: Uint8Array<ArrayBuffer>): void {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    // Little-endian, as all machines with these browsers are: blue lies lowest.
    words[i] = (word & 0xff00ff00) | ((word & 0xff) << 16) | ((word >>> 16) & 0xff);
  }
}

/**
 * Smaller twins of what a build made, `.br` and `.gz` beside each file, which the server sends to browsers that take
 * them. What was compressed once is kept under its content's hash, since the runtimes never change between builds.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** What becomes smaller; pictures, fonts and videos are compressed already. */
const TYPES = new Set([
  '.js',
  '.mjs',
  '.css',
  '.html',
  '.json',
  '.svg',
  '.wasm',
  '.onnx',
  '.tflite',
  '.webmanifest',
]);

/** Below this many bytes a file fits into the packets that are sent anyway. */
const SIZE_MIN = 1024;

/** A twin that is not this much smaller is not worth unpacking. */
const SHARE_MAX = 0.95;

/** Above this many bytes the highest brotli quality takes minutes, for a tenth less. */
const THOROUGH_MAX = 1024 * 1024;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** The encodings: the twin's ending, and how it is made. */
const ENCODINGS: Readonly<Record<string, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    brotli(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: bytes.length > THOROUGH_MAX ? 6 : 11,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gz: (bytes) => zip(bytes, { level: 9 }),
};

/**
 * Puts twins beside all files of a folder that gain by it.
 * @param folder a finished build
 * @param kept where what was compressed is kept for the next build
 */
export async function compressFolder(folder: string, kept: string): Promise<void> {
  await mkdir(kept, { recursive: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && TYPES.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  // As many at a time as there are cores: each holds a file and its twins in memory.
  const workers = Array.from({ length: availableParallelism() }, async () => {
    for (let file = files.pop(); file !== undefined; file = files.pop()) await compressFile(file, kept);
  });
  await Promise.all(workers);
}

async function compressFile(file: string, kept: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.length < SIZE_MIN) return;
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  for (const [ending, encode] of Object.entries(ENCODINGS)) {
    const twin = await keptOr(join(kept, `${hash}.${ending}`), () => encode(bytes));
    if (twin.length < bytes.length * SHARE_MAX) await writeFile(`${file}.${ending}`, twin);
  }
}

/** What is kept at a path, or made and kept there now. */
async function keptOr(path: string, make: () => Promise<Buffer>): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch {
    const made = await make();
    // Beside it first: a build that is interrupted must not leave half a file.
    await writeFile(`${path}.part`, made);
    await rename(`${path}.part`, path);
    return made;
  }
}

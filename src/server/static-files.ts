/**
 * The built page, its runtime and its networks as static files: compressed, with ranges and ETags, the right types (the headers
 * forbid guessing), and a cache that lasts for what carries a hash in its name and is revalidated for the rest.
 */
import { extname, join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { ServerPart } from './app.ts';

/** Types the table of the static server lacks, or knows by an older name. */
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
  '.tflite': 'application/octet-stream',
  '.wgsl': 'text/plain; charset=utf-8',
};

/** A year: the longest that caches honour. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Kept, but asked for again with its ETag: pages, models and manifests keep their name when they change. */
const REVALIDATE = 'no-cache';

/**
 * A part that serves a folder at `/`.
 * @param folder absolute path of a Vite build; files under its `assets` carry a content hash in their names
 */
export function staticFiles(folder: string): ServerPart {
  const hashed = join(folder, 'assets') + sep;
  return async (app) => {
    // A compressed twin is of its original's type; the static server has names of its own for some of them.
    app.addHook('onSend', async (request, reply) => {
      const type = TYPES[extname(request.url.split('?')[0] ?? '')];
      if (type && reply.hasHeader('content-encoding')) reply.header('content-type', type);
    });
    await app.register(fastifyStatic, {
      root: folder,
      // `.build-stamp` and the like are nobody's business.
      dotfiles: 'ignore',
      cacheControl: false,
      // What the build made smaller (see `compress`), as far as the browser takes it; with the `Vary` that goes with it.
      preCompressed: true,
      setHeaders(reply, path) {
        const type = TYPES[extname(path)];
        if (type) reply.header('content-type', type);
        reply.header('cache-control', path.startsWith(hashed) ? FOR_EVER : REVALIDATE);
      },
    });
  };
}

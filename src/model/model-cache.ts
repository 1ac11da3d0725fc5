/**
 * Models kept on the machine, in the Cache API: weights under their hash, manifests under their address. The cache is a
 * convenience: where it is missing, full or refused, everything works as without it.
 */

import type { ModelFile, ModelManifest } from './manifest';
import { parseManifest, runtimeOf } from './manifest';

/** Name of the cache; a new number forgets all that older versions of the page kept. */
const CACHE_NAME = 'carriageway-models-1';

/** Header of a kept file: which network and precision it is. Of each only the newest version is kept. */
const SLOT_HEADER = 'x-carriageway-slot';

/** The part of the Cache API used here. */
export type CacheStore = Pick<CacheStorage, 'open'>;

/** Kept models. Never throws. */
export class ModelCache {
  /**
   * @param store the Cache API, or null where there is none (an insecure page)
   * @param origin keys are addresses of this origin, though nothing is ever fetched from them
   */
  constructor(
    private readonly store: CacheStore | null,
    private readonly origin: string,
  ) {}

  /** A kept file's bytes, or null. */
  async weights(sha256: string): Promise<ArrayBuffer | null> {
    return this.#try(async (cache) => {
      const response = await cache.match(this.#weightsKey(sha256));
      return response ? response.arrayBuffer() : null;
    });
  }

  /** Keeps a file, and forgets other versions of the same network in the same precision. */
  async keepWeights(manifest: ModelManifest, file: ModelFile, bytes: ArrayBuffer): Promise<void> {
    await this.#try(async (cache) => {
      const slot = `${manifest.name}/${runtimeOf(file)}/${file.precision}`;
      const kept = this.#weightsKey(file.sha256);
      for (const request of await cache.keys()) {
        if (request.url === kept) continue;
        const response = await cache.match(request);
        if (response?.headers.get(SLOT_HEADER) === slot) await cache.delete(request);
      }
      await cache.put(kept, new Response(bytes, { headers: { [SLOT_HEADER]: slot } }));
    });
  }

  /** Forgets a file that turned out to be damaged. */
  async dropWeights(sha256: string): Promise<void> {
    await this.#try((cache) => cache.delete(this.#weightsKey(sha256)));
  }

  /** The manifest last seen at an address, or null. */
  async manifest(url: string): Promise<ModelManifest | null> {
    return this.#try(async (cache) => {
      const response = await cache.match(this.#manifestKey(url));
      return response ? parseManifest(await response.json()) : null;
    });
  }

  /** Keeps a manifest for the time without a network. */
  async keepManifest(url: string, manifest: ModelManifest): Promise<void> {
    await this.#try((cache) => cache.put(this.#manifestKey(url), Response.json(manifest)));
  }

  #weightsKey(sha256: string): string {
    return new URL(`/.kept-models/sha256/${sha256}`, this.origin).href;
  }

  #manifestKey(url: string): string {
    return new URL(`/.kept-models/manifest/${encodeURIComponent(url)}`, this.origin).href;
  }

  async #try<T>(work: (cache: Cache) => Promise<T>): Promise<T | null> {
    if (!this.store) return null;
    try {
      return await work(await this.store.open(CACHE_NAME));
    } catch {
      // Quota, private mode, a damaged store: as if it were not kept.
      return null;
    }
  }
}

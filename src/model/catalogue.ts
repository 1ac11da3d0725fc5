/** The networks that come with the app. */
import { CarriagewayError } from '../errors';
import type { Fetch } from './download';
import { fetchManifest } from './load-model';

/** A built-in network. */
export interface CatalogueEntry {
  /** The manifest's name, and that of its file. */
  readonly name: string;
  /** For the model picker. */
  readonly title: string;
  /** Which machines it is for. */
  readonly purpose: string;
}

/** All networks that may come with a build, the default first. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  { name: 'pspnet-lite', title: 'PSPNet lite', purpose: 'integrated graphics' },
  { name: 'pspnet-base', title: 'PSPNet base', purpose: 'graphics cards' },
  { name: 'pspnet-wasm', title: 'PSPNet wasm', purpose: 'the processor alone' },
];

/** Address of a built-in network's manifest, from the root of the server: right in workers too. */
export function manifestUrlOf(name: string): string {
  return `${import.meta.env.BASE_URL}models/${name}.json`;
}

/**
 * The networks that are really there, by name, with their manifests' addresses. A build may carry fewer than all;
 * one whose manifest cannot be had (or is the server's page for unknown addresses) is left out.
 */
export async function availableModels(
  fetchFile: Fetch = (url, init) => fetch(url, init),
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    CATALOGUE.map(async ({ name }) => {
      const url = manifestUrlOf(name);
      try {
        await fetchManifest(url, fetchFile);
        return [[name, url] as const];
      } catch (thrown) {
        // Without a network the cache may still hold it; loading will tell.
        const offline = thrown instanceof CarriagewayError && thrown.code === 'model-network';
        return offline ? [[name, url] as const] : [];
      }
    }),
  );
  return new Map(found.flat());
}

/** The networks that come with the app. */
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

/**
 * Address of a built-in network's manifest.
 * @param base of the folder that holds `models/`, with or without a slash at its end; otherwise the root of the page's
 * build, from the root of the server: right in workers too
 */
export function manifestUrlOf(name: string, base: string = import.meta.env.BASE_URL): string {
  return `${base.replace(/\/?$/, '/')}models/${name}.json`;
}

/** Manifests that lie in `models/` when the page is built: asking the server for one that does not would be an error. */
const BUILT_IN = Object.keys(import.meta.glob('../../models/*.json'));

/** The networks that came with this build, by name, with their manifests' addresses. */
export function availableModels(
  manifests: readonly string[] = BUILT_IN,
  base?: string,
): ReadonlyMap<string, string> {
  const there = CATALOGUE.filter(({ name }) => manifests.some((path) => path.endsWith(`/${name}.json`)));
  return new Map(there.map(({ name }) => [name, manifestUrlOf(name, base)]));
}

/**
 * How maps are drawn: few colours, calm enough to lie under a track. Tables for the schemas that files of whole
 * countries have (Protomaps' basemap, OpenMapTiles, Shortbread, Mapbox Streets); of others all lines are drawn thin.
 */

/** What a feature is drawn as. */
export type Paint =
  | { readonly as: 'area'; readonly what: 'green' | 'built' | 'water' | 'building' }
  | { readonly as: 'line'; readonly what: 'water' | 'rail' | 'other' }
  | { readonly as: 'road'; readonly rank: RoadRank };

/** Roads from paths to motorways. */
export type RoadRank = 0 | 1 | 2 | 3;

/** Order of painting, from below to above. */
export function orderOf(paint: Paint): number {
  if (paint.as === 'area') return ['built', 'green', 'water', 'building'].indexOf(paint.what);
  return paint.as === 'line' ? ['water', 'rail', 'other'].indexOf(paint.what) + 4 : paint.rank + 7;
}

/** Colours of a theme. */
export interface MapColours {
  readonly ground: string;
  readonly green: string;
  readonly built: string;
  readonly water: string;
  readonly building: string;
  readonly rail: string;
  readonly other: string;
  /** From paths to motorways. */
  readonly roads: readonly [string, string, string, string];
}

/** The page's themes. */
export type MapTheme = 'dark' | 'light';

/** Greys near the page's own surfaces, so that the colours of a track are the only loud ones. */
export const MAP_COLOURS: Readonly<Record<MapTheme, MapColours>> = {
  dark: {
    ...{ ground: '#14191b', green: '#17231d', built: '#181d20', water: '#16262f', building: '#1f2629' },
    ...{ rail: '#333c40', other: '#39454a', roads: ['#2a3236', '#343e42', '#46535a', '#56656d'] },
  },
  light: {
    ...{ ground: '#f3f4f2', green: '#e2ebdd', built: '#eceeec', water: '#cfdfe8', building: '#e0e3e2' },
    ...{ rail: '#c3cacb', other: '#aab3b5', roads: ['#e0e3e3', '#d3d9da', '#b9c3c6', '#a3b0b4'] },
  },
};

/** Widest road that is drawn, in units of the drawing: it is not to look like a square. */
export const ROAD_MOST = 9;

/** Widths of roads in metres as they are built, and the least that is drawn, in units of the drawing. */
export const ROADS = [
  { metres: 3, least: 0.35 },
  { metres: 7, least: 0.6 },
  { metres: 12, least: 1.1 },
  { metres: 22, least: 1.7 },
] as const;

/** Layers by what they hold. */
const WATER = /^(water|ocean|waterway|water_polygons|water_lines)$/;
const LAND = /^(landuse|landcover|land|park|natural|landuse_overlay|sites)$/;
const ROAD = /^(roads|road|transportation|streets)$/;
const BUILDING = /^(buildings?)$/;
/** Layers of the same schemas that say more than a map under a track should. */
const QUIET =
  /^(earth|boundar(y|ies)|admin|places?|place_labels|pois?|transit|.*_?names?|.*_labels?|labels|housenum(ber)?|.*_label|mountain_peak|aero.*|addresses|contour.*|street_polygons|streets_polygons.*|bridges|dam_.*|pier_.*|ferries|aerialways|public_transport|structure|motorway_junction|physical_.*|globallandcover|hillshade)$/;

/** Whether a layer's name is one of the schemas that are known. */
export function isKnownLayer(name: string): boolean {
  return [WATER, LAND, ROAD, BUILDING, QUIET].some((kind) => kind.test(name));
}

const GREEN =
  /^(park|national_park|nature_reserve|protected_area|forest|wood|grass|grassland|meadow|scrub|heath|orchard|vineyard|farmland|farm|crop|garden|cemetery|golf_course|pitch|village_green|recreation_ground|allotments|shrub|wetland|zoo|playground)$/;
const BUILT =
  /^(residential|industrial|commercial|retail|urban_area|suburb|neighbourhood|military|railway|school|university|college|hospital|kindergarten|parking|pedestrian|aerodrome|airport|garages|brownfield|quarry)$/;
const WET = /^(water|ocean|lake|river|glacier)$/;

const RANKS: Readonly<Record<string, RoadRank>> = {
  ...{ motorway: 3, motorway_link: 3, trunk: 3, trunk_link: 3, highway: 3 },
  ...{ primary: 2, primary_link: 2, secondary: 2, secondary_link: 2, major_road: 2, medium_road: 2 },
  ...{ tertiary: 1, tertiary_link: 1, minor: 1, minor_road: 1, residential: 1, unclassified: 1, street: 1 },
  ...{ living_street: 1, busway: 1, road: 1 },
  ...{ service: 0, track: 0, path: 0, footway: 0, cycleway: 0, pedestrian: 0, steps: 0, bridleway: 0 },
  ...{ street_limited: 0, link: 1, sidewalk: 0, crossing: 0 },
};

const RAIL = /^(rail|railway|major_rail|minor_rail|transit|light_rail|subway|tram|narrow_gauge|monorail)$/;

/** Shapes of features (MVT, `GeomType`). */
const LINE = 2;
const AREA = 3;

/**
 * What a feature is drawn as; null for not at all.
 * @param shape its type in the tile
 * @param known whether the map's schema is known
 */
export function paintOf(
  layer: string,
  shape: number,
  properties: Readonly<Record<string, unknown>>,
  known: boolean,
): Paint | null {
  if (shape !== LINE && shape !== AREA) return null;
  if (!known) return { as: 'line', what: 'other' };
  const kinds = ['kind_detail', 'pmap:kind_detail', 'subclass', 'kind', 'pmap:kind', 'class'].flatMap(
    (key) => (typeof properties[key] === 'string' ? [properties[key]] : []),
  );
  const is = (names: RegExp): boolean => kinds.some((kind) => names.test(kind));
  if (WATER.test(layer))
    return shape === AREA ? { as: 'area', what: 'water' } : { as: 'line', what: 'water' };
  if (BUILDING.test(layer)) return shape === AREA ? { as: 'area', what: 'building' } : null;
  if (LAND.test(layer)) {
    if (shape !== AREA) return null;
    if (is(WET)) return { as: 'area', what: 'water' };
    if (layer === 'park' || is(GREEN)) return { as: 'area', what: 'green' };
    return is(BUILT) ? { as: 'area', what: 'built' } : null;
  }
  if (!ROAD.test(layer) || shape !== LINE) return null;
  if (properties.rail === true || is(RAIL)) return { as: 'line', what: 'rail' };
  const rank = kinds.map((kind) => RANKS[kind]).find((found) => found !== undefined);
  return rank === undefined ? null : { as: 'road', rank };
}

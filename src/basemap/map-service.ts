/** The worker's side: holds the map that was opened, and draws parts of it. */
import { transfer } from 'comlink';
import { CarriagewayError } from '../errors';
import { drawMap } from './draw-map';
import { MapFile, type MapWords } from './map-file';
import type { MapTheme } from './map-style';
import type { MapView } from './map-view';

/** What is said of a map that was opened. */
export interface MapReport extends MapWords {
  /** Whether its tiles are pictures, whose colours are not the page's. */
  readonly pictures: boolean;
  readonly cut: boolean;
}

/** A drawing. */
export interface MapDrawing {
  readonly bitmap: ImageBitmap;
  /** Tiles that could not be read. */
  readonly damaged: number;
}

/** The worker's interface. */
export interface MapApi {
  /** @throws CarriagewayError as `MapFile.open` */
  open(file: Blob): Promise<MapReport>;
  /** @throws CarriagewayError as `drawMap` */
  draw(view: MapView, theme: MapTheme): Promise<MapDrawing>;
}

/** Largest side of a drawing in pixels. */
const SIDE_MAX = 4096;

/** One map at a time. */
export class MapService implements MapApi {
  #map: MapFile | null = null;

  async open(file: Blob): Promise<MapReport> {
    const map = await MapFile.open(file);
    this.#map = map;
    return { ...map.words, pictures: map.kind !== 'vector', cut: map.cut };
  }

  async draw(view: MapView, theme: MapTheme): Promise<MapDrawing> {
    if (!this.#map) throw new CarriagewayError('map-failed', 'no map is open');
    const side = (units: number): number => Math.min(SIDE_MAX, Math.max(1, Math.round(units * view.density)));
    const canvas = new OffscreenCanvas(side(view.width), side(view.height));
    const to = canvas.getContext('2d');
    if (!to) throw new CarriagewayError('map-failed', 'no canvas');
    const { damaged } = await drawMap(to, this.#map, view, theme);
    const bitmap = canvas.transferToImageBitmap();
    return transfer({ bitmap, damaged }, [bitmap]);
  }
}

/** Where a class map and labels differ, as a picture: plain bytes, made on the processor. */

import type { LabelMap } from '../media/timed-frame';
import type { ClassMap } from '../perception/engine';
import { type ClassList, isDrivableRole, VOID_CLASS } from '../taxonomy/class-list';
import { DRIVING } from '../taxonomy/classes';
import { translation } from '../taxonomy/meanings';
import { type HexColour, parseHex } from '../taxonomy/palette';
import type { OverlayView } from './view';

/** Kinds of differences: road that only the labels have, road that only the mask has, and anything else. */
export type Difference = 'missed' | 'invented' | 'other';

/** Their colours: apart in lightness as in hue, so that they can be told however one sees colours. */
export const DIFFERENCE_COLOURS: Readonly<Record<Difference, HexColour>> = {
  missed: '#ffb000',
  invented: '#dc267f',
  other: '#ffffff',
};

/** How much each covers, 0 to 255: what is wrong about the road is what one looks for. */
const COVER: Readonly<Record<Difference, number>> = { missed: 220, invented: 220, other: 110 };

/**
 * Four bytes a cell of the class map (red, green, blue, alpha); clear where both agree, and where nothing is labelled or
 * the map is void. An answer that is none of the labels' classes differs.
 * @param list the classes of the map
 */
export function differencePixels(
  map: ClassMap,
  truth: LabelMap,
  list: ClassList = DRIVING,
): Uint8Array<ArrayBuffer> {
  const labels = truth.list ?? DRIVING;
  const meaning = translation(list, labels);
  const isRoad = (of: ClassList, id: number) => isDrivableRole(of[id]?.role ?? null);
  const differenceBetween = (label: number, answer: number): Difference | null => {
    if (label >= labels.length || answer === VOID_CLASS || meaning[answer] === label) return null;
    const [expected, given] = [isRoad(labels, label), isRoad(list, answer)];
    if (expected === given) return 'other';
    return expected ? 'missed' : 'invented';
  };
  const inks = new Map(
    (Object.keys(DIFFERENCE_COLOURS) as Difference[]).map((kind) => [
      kind,
      [...parseHex(DIFFERENCE_COLOURS[kind]), COVER[kind]],
    ]),
  );
  const pixels = new Uint8Array(map.width * map.height * 4);
  for (let y = 0; y < map.height; y++) {
    const row = Math.min(truth.height - 1, Math.floor(((y + 0.5) * truth.height) / map.height)) * truth.width;
    for (let x = 0; x < map.width; x++) {
      const column = Math.min(truth.width - 1, Math.floor(((x + 0.5) * truth.width) / map.width));
      const kind = differenceBetween(truth.ids[row + column]!, map.classes[y * map.width + x]!);
      if (kind) pixels.set(inks.get(kind)!, (y * map.width + x) * 4);
    }
  }
  return pixels;
}

/** Four bytes a pixel of the labels, in the colours of their classes, the viewer's own where the view has them. */
export function labelPixels(
  truth: LabelMap,
  view: Pick<OverlayView, 'classes' | 'colours' | 'opacity'>,
): Uint8Array<ArrayBuffer> {
  const cover = Math.round(255 * Math.min(1, Math.max(0, view.opacity)));
  const labels = truth.list ?? DRIVING;
  const chosen = labels.every(({ name }, id) => name === view.classes[id]?.name);
  const inks = labels.map(({ colour }, id) => [...parseHex(chosen ? view.colours[id]! : colour), cover]);
  const pixels = new Uint8Array(truth.width * truth.height * 4);
  truth.ids.forEach((id, i) => {
    const ink = inks[id];
    if (ink) pixels.set(ink, i * 4);
  });
  return pixels;
}

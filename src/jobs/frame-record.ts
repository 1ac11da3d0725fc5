/**
 * What is known of one frame of a recording: the record that analyses keep, the timeline draws, and CSV and JSON files
 * carry. Numbers are rounded to what they are worth, since an hour has a hundred thousand of these.
 */

import { agreementOf } from '../labels/agreement';
import { packMap } from '../labels/map-runs';
import type { LabelMap } from '../media/timed-frame';
import type { ClassMap } from '../perception/engine';
import { decidedness, drivableShare } from '../perception/map-digest';
import type { SceneState } from '../scene/scene';
import { z } from '../schema';
import {
  BROKEN_CLASS,
  CLASSES_MAX,
  CLASSES_MIN,
  type ClassList,
  UNDECIDED_CLASS,
} from '../taxonomy/class-list';

const share = z.number().min(0).max(1);
/** One value for each class of a list, by id. */
const perClass = <T extends z.ZodType>(value: T) => z.array(value).min(CLASSES_MIN).max(CLASSES_MAX);
/** A point of the picture: shares of its width and height. */
const point = z.tuple([z.number(), z.number()]);

/** A frame, as it is written. */
export const frameRecordSchema = z.object({
  /** Number of the frame, from 0. */
  n: z.int().min(0),
  /** Seconds from the first picture. */
  t: z.number().min(0),
  /** Share of each class, by id, of what is seen of the world: the picture without the own car, which has none. */
  areas: perClass(share),
  /** Share of the picture that the own car covers; null with a model that does not know it. */
  own: share.nullable(),
  /** Shares of the picture on which no class won, and for which the model gave no numbers. */
  undecided: share,
  broken: share,
  /** Share of what is seen of the world that is drivable; null where nothing is, or no class has that role. */
  drivable: share.nullable(),
  /** How decided the network is, 0.5 to 1; null as above. */
  decided: share.nullable(),
  /** How far the scene can be relied on, 0 to 1. */
  confidence: share,
  /** Metres of free road ahead and one standard deviation; null without a road. */
  free: z.object({ distance: z.number(), sigma: z.number() }).nullable(),
  /** The road's edge, from near to far, left then right. */
  boundary: z.array(z.object({ side: z.enum(['left', 'right']), kind: z.string(), points: z.array(point) })),
  obstacles: z.array(
    z.object({
      id: z.int(),
      classId: z.int(),
      /** Left, top, width and height as shares of the picture. */
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      /** Metres; null where the camera cannot tell. */
      distance: z.number().nullable(),
      inPath: z.boolean(),
    }),
  ),
  /** What happened with this frame: names of `scene/events`, with their numbers. */
  events: z.array(z.looseObject({ type: z.string() })),
  /** Agreement with the labels of this frame; null without labels. */
  agreement: z
    .object({
      /** Share of the cells on which both say the same. */
      same: share.nullable(),
      /** IoU of the drivable area, and the mean over the classes that occur. */
      drivable: share.nullable(),
      mean: share.nullable(),
      /** Cells of each class, by id, in both and in either; and of the drivable area: they add up over frames. */
      overlap: perClass(z.int()),
      union: perClass(z.int()),
      /** Cells that were compared. */
      cells: z.int().min(0),
      road: z.tuple([z.int(), z.int()]),
      /** What was taken for something else: class of the labels, answer (-1 for none of them), cells. */
      mistaken: z.array(z.tuple([z.int(), z.int(), z.int()])),
      /** Cells along the edges of the drivable area, in both and in either. */
      edge: z.tuple([z.int(), z.int()]),
    })
    .nullable(),
  /** The class map, coarse: see `map-runs`. Left out of exported files. */
  map: z.object({ width: z.int().min(1), height: z.int().min(1), runs: z.string() }),
});

/** See `frameRecordSchema`. */
export type FrameRecord = z.infer<typeof frameRecordSchema>;

const rounded = (value: number, places: number): number => Number(value.toFixed(places));

/**
 * Makes the record of a frame.
 * @param map in the classes of `list`
 * @param scene null where the list means no road
 */
export function recordOf(
  n: number,
  seconds: number,
  map: ClassMap,
  list: ClassList,
  scene: SceneState | null,
  truth: LabelMap | null = null,
): FrameRecord {
  const counts = new Uint32Array(256);
  for (const id of map.classes) counts[id]!++;
  const whole = map.classes.length;
  const isOwn = (id: number) => list[id]?.role === 'own car';
  const own = list.reduce((sum, _, id) => sum + (isOwn(id) ? counts[id]! : 0), 0);
  const { width, height } = scene ?? { width: 1, height: 1 };
  const drivable = drivableShare(map, list);
  const decided = decidedness(map, list);
  const ahead = scene?.freeSpace.ahead ?? null;
  return {
    n,
    t: rounded(seconds, 6),
    areas: list.map((_, id) => (isOwn(id) || own === whole ? 0 : rounded(counts[id]! / (whole - own), 4))),
    own: list.some((_, id) => isOwn(id)) ? rounded(own / whole, 4) : null,
    undecided: rounded(counts[UNDECIDED_CLASS]! / whole, 4),
    broken: rounded(counts[BROKEN_CLASS]! / whole, 4),
    drivable: drivable === null ? null : rounded(drivable, 4),
    decided: decided === null ? null : rounded(decided, 4),
    confidence: rounded(scene?.confidence ?? 0, 3),
    free: ahead && { distance: rounded(ahead.distance, 2), sigma: rounded(ahead.sigma, 2) },
    boundary: (scene?.boundary.segments ?? []).map(({ side, kind, points }) => ({
      side,
      kind,
      points: points.map(({ x, y }) => [rounded(x / width, 4), rounded(y / height, 4)] as [number, number]),
    })),
    obstacles: (scene?.obstacles ?? []).map(({ id, classId, box, distance, inPath }) => ({
      id,
      classId,
      box: [
        rounded(box.x / width, 4),
        rounded(box.y / height, 4),
        rounded(box.width / width, 4),
        rounded(box.height / height, 4),
      ] as [number, number, number, number],
      distance: distance === null ? null : rounded(distance, 2),
      inPath,
    })),
    events: (scene?.events ?? []).map((event) => ({ ...event })),
    agreement: truth && agreementOf(map, truth, list),
    map: packMap(map),
  };
}

/** Classes that have a column of their own in tables: the own car is told by `own_car`. */
function columnsOf(list: ClassList): readonly number[] {
  return list.flatMap(({ role }, id) => (role === 'own car' ? [] : [id]));
}

/** A cell of CSV (RFC 4180): quoted where it holds what separates. */
export function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Column names of the CSV form. */
export function csvColumns(list: ClassList): readonly string[] {
  return [
    'frame',
    'seconds',
    'drivable_share',
    'decidedness',
    'confidence',
    'free_distance_m',
    'free_distance_sigma_m',
    'obstacles',
    'obstacles_in_path',
    'nearest_obstacle_m',
    'label_agreement',
    'label_iou_drivable',
    'label_iou_mean',
    'own_car',
    'undecided',
    'broken',
    ...columnsOf(list).map((id) => cell(`area_${list[id]!.name.replaceAll(' ', '_')}`)),
    'events',
  ];
}

/** A record as a line of CSV (RFC 4180, without the line's end); what is unknown is empty. */
export function csvLine(record: FrameRecord, list: ClassList): string {
  const known = record.obstacles.flatMap(({ distance }) => (distance === null ? [] : [distance]));
  return [
    record.n,
    record.t,
    record.drivable,
    record.decided,
    record.confidence,
    record.free?.distance,
    record.free?.sigma,
    record.obstacles.length,
    record.obstacles.filter(({ inPath }) => inPath).length,
    known.length > 0 ? Math.min(...known) : null,
    record.agreement?.same,
    record.agreement?.drivable,
    record.agreement?.mean,
    record.own,
    record.undecided,
    record.broken,
    ...columnsOf(list).map((id) => record.areas[id]),
    // Names of events hold neither commas nor quotes.
    [...new Set(record.events.map(({ type }) => type))].join(' '),
  ]
    .map((value) => value ?? '')
    .join(',');
}

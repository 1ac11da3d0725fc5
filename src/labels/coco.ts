/**
 * Label maps as COCO run lengths: runs of pixels column by column, beginning with those outside, packed into text as
 * the COCO API does (cocodataset/cocoapi, `common/maskApi.c`: five bits a character, differences to the run two before).
 */
import type { LabelMap } from '../media/timed-frame';

/** One class of one picture. */
export interface CocoRegion {
  readonly classId: number;
  /** Rows and columns, and the packed runs. */
  readonly segmentation: { readonly size: readonly [number, number]; readonly counts: string };
  /** Pixels. */
  readonly area: number;
  /** Left, top, width and height in pixels. */
  readonly bbox: readonly [number, number, number, number];
}

/** Run lengths of a class, column by column; the first run is outside the class and may be 0. */
export function runsOf({ width, height, ids }: LabelMap, classId: number): number[] {
  const runs: number[] = [];
  let inside = false;
  let length = 0;
  for (let x = 0; x < width; x++)
    for (let y = 0; y < height; y++) {
      if ((ids[y * width + x] === classId) === inside) length++;
      else {
        runs.push(length);
        inside = !inside;
        length = 1;
      }
    }
  runs.push(length);
  return runs;
}

/** Packs runs into text. */
export function packRuns(runs: readonly number[]): string {
  let text = '';
  runs.forEach((run, i) => {
    let value = i > 2 ? run - runs[i - 2]! : run;
    for (let more = true; more; ) {
      let bits = value & 0x1f;
      value >>= 5;
      more = bits & 0x10 ? value !== -1 : value !== 0;
      if (more) bits |= 0x20;
      text += String.fromCharCode(bits + 48);
    }
  });
  return text;
}

/** Undoes `packRuns`. */
export function unpackRuns(text: string): number[] {
  const runs: number[] = [];
  for (let at = 0; at < text.length; ) {
    let value = 0;
    let shift = 0;
    let bits: number;
    do {
      bits = text.charCodeAt(at++) - 48;
      value |= (bits & 0x1f) << shift;
      shift += 5;
    } while (bits & 0x20 && at < text.length);
    if (bits & 0x10 && shift < 32) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs.at(-2)! : value);
  }
  return runs;
}

/** The classes that occur in a label map, each as one region. */
export function cocoRegions(map: LabelMap, classCount: number): CocoRegion[] {
  const { width, height, ids } = map;
  const boxes = Array.from({ length: classCount }, () => ({
    x0: width,
    y0: height,
    x1: -1,
    y1: -1,
    area: 0,
  }));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const box = boxes[ids[y * width + x]!];
      if (!box) continue;
      box.area++;
      box.x0 = Math.min(box.x0, x);
      box.x1 = Math.max(box.x1, x);
      box.y0 = Math.min(box.y0, y);
      box.y1 = Math.max(box.y1, y);
    }
  return boxes.flatMap(({ x0, y0, x1, y1, area }, classId) =>
    area === 0
      ? []
      : [
          {
            classId,
            segmentation: { size: [height, width] as const, counts: packRuns(runsOf(map, classId)) },
            area,
            bbox: [x0, y0, x1 - x0 + 1, y1 - y0 + 1] as const,
          },
        ],
  );
}

/** Masks of every frame as files: PNG files in an archive, or run lengths as COCO has them. */

import { ArchiveWriter } from '../labels/archive';
import { cocoRegions } from '../labels/coco';
import { encodeLabelPng } from '../labels/label-png';
import { MaskReader } from '../labels/mask-reader';
import { MASK_SET_FORMAT, type MaskSetIndex } from '../labels/reading/mask-index';
import type { Size } from '../media/size';
import type { LabelMap } from '../media/timed-frame';
import { BROKEN_CLASS, type ClassList, UNDECIDED_CLASS, VOID_CLASS } from '../taxonomy/class-list';
import { CLASSES, classIdOf } from '../taxonomy/classes';
import { writeInto } from './file-target';
import type { FrameRunner } from './frame-runner';
import type { Job } from './job';
import type { JobClock } from './job-clock';

/** Longest side of an exported mask in pixels: that of the picture up to here, so that one lies on the other. */
const SIDE_MAX = 1920;

/** A frame as its mask is exported. */
interface ExportedFrame {
  /** Number in the recording, from 0. */
  readonly n: number;
  readonly seconds: number;
  /** Name of its own, without an ending; a picture's with the folders it lay in. */
  readonly name: string;
  /** Name of the file that it came from, where it has one. */
  readonly file: string | null;
}

/** Gives the mask of each frame of a job's stretch to `use`, each computed from its frame alone, in its own size. */
async function eachMask(
  runner: FrameRunner,
  job: Extract<Job, { kind: 'masks' | 'coco' }>,
  clock: JobClock,
  signal: AbortSignal,
  use: (frame: ExportedFrame, mask: LabelMap) => Promise<void>,
): Promise<void> {
  const side = (job.kind === 'masks' ? job.side : null) ?? SIDE_MAX;
  const options = {
    maskSide: ({ width, height }: Size) => Math.min(side, Math.max(width, height)),
    smooth: false,
    signal,
  };
  const names = job.recording.kind === 'pictures' ? namesOf(runner.file.info.parts ?? []) : null;
  using reader = new MaskReader(runner.device?.device ?? null);
  let next: number | null = null;
  await runner.run(job.range, options, async ({ frame, mask }) => {
    const { seconds } = frame;
    // Whoever lays the masks beside the recording again finds a frame by its number in all of it.
    const n: number = next ?? (seconds > 0 ? await runner.file.numberAt(seconds) : 0);
    next = n + 1;
    const name = names?.[n]?.bare ?? `frame_${String(n).padStart(6, '0')}`;
    await use({ n, seconds, name, file: names?.[n]?.file ?? null }, await reader.read(mask));
    clock.done(seconds + frame.duration);
  });
  if (signal.aborted) throw new DOMException('cancelled', 'AbortError');
}

/** Names of pictures, as they are and without endings; those that would be the same without keep theirs. */
function namesOf(parts: readonly { readonly name: string }[]): { bare: string; file: string }[] {
  const bareOf = (name: string): string => name.replace(/\.[^./]+$/, '');
  const times = new Map<string, number>();
  for (const { name } of parts) times.set(bareOf(name), (times.get(bareOf(name)) ?? 0) + 1);
  return parts.map(({ name: file }, n) => {
    const bare = bareOf(file);
    if (file === '') return { bare: `frame_${String(n).padStart(6, '0')}`, file };
    return { bare: times.get(bare) === 1 ? bare : file, file };
  });
}

/** What the ids beyond the classes mean in exported masks. */
const CODES = { [VOID_CLASS]: 'masked', [UNDECIDED_CLASS]: 'undecided', [BROKEN_CLASS]: 'no answer' };

/** The viewer's colours where they are of the model's classes, else the model's own. */
function coloursFor(list: ClassList, chosen: readonly string[]): readonly string[] {
  return list.map(({ colour }, id) => (chosen.length >= list.length ? (chosen[id] ?? colour) : colour));
}

/** Under which heading a class stands in COCO: our own groups, else its role. */
function headingOf({ name, role }: ClassList[number]): string {
  return CLASSES[classIdOf(name) ?? -1]?.group ?? role ?? 'other';
}

/** Writes an archive of PNG files with an index that says which frame each is of. */
export async function exportMasks(
  runner: FrameRunner,
  job: Extract<Job, { kind: 'masks' }>,
  clock: JobClock,
  signal: AbortSignal,
): Promise<void> {
  const list = runner.engine.manifest.classes;
  const colours = coloursFor(list, job.colours);
  await writeInto(job.target, async (stream) => {
    const zip = new ArchiveWriter((bytes) => stream.write(bytes));
    const frames: { file: string; seconds: number }[] = [];
    await eachMask(runner, job, clock, signal, async ({ seconds, name }, mask) => {
      const file = `masks/${name}.png`;
      frames.push({ file, seconds });
      await zip.add(file, await encodeLabelPng(mask, colours));
    });
    const index: MaskSetIndex = {
      format: MASK_SET_FORMAT,
      version: 1,
      video: job.name,
      classes: list.map(({ name, role }, id) => ({ id, name, colour: colours[id]!, role })),
      codes: CODES,
      frames,
    };
    await zip.add('index.json', new TextEncoder().encode(`${JSON.stringify(index, null, 1)}\n`));
    await zip.finish();
  });
}

/** Writes COCO panoptic regions: one annotation for each class of each frame. */
export async function exportCoco(
  runner: FrameRunner,
  job: Extract<Job, { kind: 'coco' }>,
  clock: JobClock,
  signal: AbortSignal,
): Promise<void> {
  const list = runner.engine.manifest.classes;
  await writeInto(job.target, async (stream) => {
    // Written as it comes: only the list of images, a line each, waits for the end.
    const images: object[] = [];
    const categories = list.map((entry, id) => ({
      id,
      name: entry.name,
      supercategory: headingOf(entry),
      role: entry.role,
    }));
    const info = { description: job.name, version: '1.0' };
    await stream.write(`{"info":${JSON.stringify(info)},"categories":${JSON.stringify(categories)},\n`);
    await stream.write('"annotations":[');
    let id = 0;
    await eachMask(runner, job, clock, signal, async ({ n, seconds, name, file }, mask) => {
      const { width, height } = mask;
      images.push({ id: n, file_name: file ?? `${name}.png`, width, height, seconds });
      for (const { classId, ...region } of cocoRegions(mask, list.length)) {
        // The own car is told, and left out of what tools add up (`ignore` of the COCO API).
        const ignore = list[classId]?.role === 'own car' ? { ignore: 1 } : {};
        const annotation = { id, image_id: n, category_id: classId, ...region, iscrowd: 1, ...ignore };
        await stream.write(`${id === 0 ? '\n' : ',\n'}${JSON.stringify(annotation)}`);
        id++;
      }
    });
    await stream.write(`\n],"images":${JSON.stringify(images)}}\n`);
  });
}

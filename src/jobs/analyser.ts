/**
 * Analyses a whole recording: each frame once, in order, its record written as soon as it is known. What was analysed is
 * kept when the job ends early, and the next job goes on behind it.
 */

import { CarriagewayError } from '../errors';
import { MaskSet } from '../labels/mask-set';
import { SAME_TIME } from '../media/times';
import { drivingMap } from '../perception/map-digest';
import { Scene } from '../scene/scene';
import { labelsOf } from '../sources/recording/labelled-file';
import { picturePaths } from '../sources/recording/recording';
import { whyNoRoad } from '../taxonomy/meanings';
import { storageError } from './file-target';
import { keyOfAnalysis } from './fingerprint';
import { type FrameRecord, recordOf } from './frame-record';
import type { FrameRunner } from './frame-runner';
import type { Job, JobProgress } from './job';
import { JobClock } from './job-clock';
import { type AnalysisHeader, type KeptAnalysis, lineOf, readLines } from './result-lines';
import { deleteKept, listKept, openKept, overflow, type SyncFile } from './result-store';

/** Longer side of the mask in pixels: it is not looked at, only the class map is. */
const MASK_SIDE = 64;

/** Records written between two flushes: what a crash may cost, a second or two of work. */
const FLUSH_EVERY = 32;

/**
 * Analyses what is not analysed yet.
 * @param report told of progress; the first report carries the records that were kept
 * @returns key under which the records are kept, how many there are, and on how many the model gave no numbers
 * @throws CarriagewayError `analysis-failed`, `storage-full`; `source-truncated` after everything before the damage was
 *   analysed
 */
export async function analyse(
  runner: FrameRunner,
  job: Job,
  report: (progress: JobProgress) => void,
  signal: AbortSignal,
): Promise<{ readonly key: string; readonly frames: number; readonly broken: number }> {
  const { width, height, duration } = runner.file.info;
  const header: AnalysisHeader = {
    format: 'carriageway-analysis',
    version: 1,
    name: job.name,
    model: runner.engine.manifest.title,
    width,
    height,
    duration,
  };
  const key = await keyOfAnalysis(job, runner.engine.manifest);
  const pictures = picturePaths(job.recording, runner.file.info);
  const labels = job.labels && (await MaskSet.open(job.labels, pictures));
  const results = new ResultFile(await openKept(key), header);
  try {
    const { kept } = results;
    // The file has them; a job of hours must not.
    let count = kept.records.length;
    const last = kept.records.at(-1);
    const begun = last ? await runner.file.neighbour(last.t, 1) : 0;
    const clock = new JobClock(0, duration, kept.complete ? 1 : begun / duration, report);
    report({
      frames: 0,
      share: kept.complete ? 1 : begun / duration,
      rate: 0,
      left: null,
      records: kept.records,
    });
    let broken = kept.records.filter((record) => record.broken > 0).length;
    if (kept.complete) return { key, frames: count, broken };
    const scene = new Scene();
    const { classes } = runner.engine.manifest;
    const road = whyNoRoad(classes) === null;
    const from = last ? last.t + SAME_TIME : 0;
    const options = {
      maskSide: () => MASK_SIDE,
      smooth: false,
      signal,
    };
    const range = last ? { from: Math.max(from, begun), to: Number.POSITIVE_INFINITY } : null;
    if (!last || begun > last.t + SAME_TIME)
      await runner.run(range, options, async ({ frame, classMap, picture }) => {
        const { seconds } = frame;
        const map = await classMap;
        const about = { timestamp: Math.round(seconds * 1e6), epoch: 0, ...picture };
        // By the index, as the player counts: a frame that could not be decoded has a number all the same.
        const n = await runner.file.numberAt(seconds);
        count++;
        const truth = labels && (await labelsOf(labels, n, frame));
        const state = road ? scene.update(drivingMap(map, classes), about) : null;
        const record = recordOf(n, seconds, map, classes, state, truth);
        results.add(record);
        if (record.broken > 0) broken++;
        clock.done(seconds + frame.duration, record);
      });
    if (!signal.aborted) {
      results.finish(count);
      clock.tell(duration);
    }
    return { key, frames: count, broken };
  } catch (thrown) {
    const known = storageError(thrown);
    if (known instanceof CarriagewayError) throw known;
    throw new CarriagewayError('analysis-failed', thrown instanceof Error ? thrown.message : String(thrown), {
      cause: thrown,
    });
  } finally {
    results[Symbol.dispose]();
    await deleteKept(overflow(await listKept(), key)).catch(() => {});
  }
}

/** The file of one analysis, open for writing behind what it holds. */
class ResultFile implements Disposable {
  readonly kept: KeptAnalysis;
  #at: number;
  #unflushed = 0;

  constructor(
    private readonly file: SyncFile,
    header: AnalysisHeader,
  ) {
    try {
      const bytes = new Uint8Array(file.getSize());
      file.read(bytes, { at: 0 });
      const kept = readLines(bytes);
      this.kept = kept ?? { header, records: [], complete: false, goodBytes: 0 };
      this.#at = this.kept.goodBytes;
      // A line that a closed tab left half written.
      file.truncate(this.#at);
      if (!kept) this.#write(lineOf(header));
    } catch (thrown) {
      file.close();
      throw thrown;
    }
  }

  add(record: FrameRecord): void {
    this.#write(lineOf(record));
    if (++this.#unflushed < FLUSH_EVERY) return;
    this.#unflushed = 0;
    this.file.flush();
  }

  finish(frames: number): void {
    this.#write(lineOf({ end: true, frames }));
  }

  #write(line: string): void {
    const bytes = new TextEncoder().encode(line);
    if (this.file.write(bytes, { at: this.#at }) < bytes.length) throw new CarriagewayError('storage-full');
    this.#at += bytes.length;
  }

  [Symbol.dispose](): void {
    try {
      this.file.flush();
    } finally {
      this.file.close();
    }
  }
}

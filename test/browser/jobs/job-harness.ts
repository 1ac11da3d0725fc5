/** What tests of jobs share: a clip whose frames carry their number as bars, and a network that names colours. */
import { afterEach } from 'vitest';
import type { Job, JobAnswer, JobBase, JobProgress } from '../../../src/jobs/job';
import { runJob } from '../../../src/jobs/run-job';
import { colourGraph, colourManifestParts } from '../../fixtures/networks/colour-graph';
import { manifestOf } from '../../unit/perception/cases';

/** Size of the picture in pixels. */
export const [WIDTH, HEIGHT] = [320, 64];
/** Bars in each half of the picture. */
const BITS = 8;
/** Frames of the shorter clip: two seconds at 24 a second. */
export const FRAMES = 48;

const network = colourGraph(WIDTH, HEIGHT).buffer as ArrayBuffer;
const manifest = manifestOf(colourManifestParts(WIDTH, HEIGHT));

/** Leaves nothing in the browser's own file system behind. */
export function emptyStoreAfterEach(): void {
  afterEach(async () => {
    const root = await navigator.storage.getDirectory();
    for await (const [name] of root.entries()) await root.removeEntry(name, { recursive: true });
  });
}

/** A file in the browser's own file system. */
export async function newFile(name: string): Promise<FileSystemFileHandle> {
  return (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
}

/** A job on one video. */
export function base(file: Blob): JobBase {
  return {
    recording: { kind: 'videos', videos: [file] },
    name: 'code',
    model: { kind: 'file', bytes: network, manifest },
    engine: 'wasm',
    ignore: null,
    labels: null,
  };
}

/** Does a job in its worker. */
export async function done(job: Job): Promise<{ answer: JobAnswer; told: JobProgress[] }> {
  const told: JobProgress[] = [];
  const answer = await runJob(job, (progress) => told.push(progress)).answer;
  return { answer, told };
}

/** The code of the right half of the picture, where the bars stand a second time; `one` tells a bar that is 1. */
export function codeOf(one: (x: number, y: number) => boolean): number {
  let code = 0;
  for (let k = 0; k < BITS; k++)
    if (one(Math.round(WIDTH / 2 + (k + 0.5) * (WIDTH / 2 / BITS)), HEIGHT / 2)) code |= 1 << k;
  return code;
}

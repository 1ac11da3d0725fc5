/** What `npm run analyse` prints. Without imports: nothing need be installed to read it. */

/** The text, without a final line break. */
export const USAGE = `npm run analyse -- [options] FILES|FOLDERS|http(s)://…

Analyses recordings as the page does, in a headless Chromium, one folder of results for each. What belongs together in
a folder (cameras of one drive, files of one recording, pictures with their labels) is one recording, as in the page.
Recordings whose results are there already are left out, so that the same command goes on where it was interrupted.

  --out DIR          where the results go; ./carriageway-results without it
  --model NAME|FILE  a model of the catalogue, or an ONNX or .tflite file with its manifest (.json) beside it
  --engine ENGINE    auto (the default), webgpu, cpu or wasm
  --csv              the figures as CSV, too; JSON is always written
  --masks png|coco   the masks of every frame, too
  --video            an annotated video (MP4), too
  --jobs N           recordings worked on at the same time, 1 to 8; 1 without it
  --queue redis://…  files the work in a queue in place of doing it, and waits until others have done it
  --worker redis://… does work out of a queue until it is stopped. Takes none of the options above but --jobs
  --lease SECONDS    with --worker: a worker that was not heard of for so long has its recording taken by another; 30

Exit codes: 0 all done, 1 the command cannot be carried out, 2 some recordings failed (the others are done),
130 interrupted. Chromium is looked for where systems keep it; CHROMIUM_PATH names another.`;

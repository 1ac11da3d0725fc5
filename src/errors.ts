/**
 * Every failure a person can meet, by code. The code is the contract (tests, telemetry, UI); the sentence is for
 * people: what happened, and what to do. Adding a code without its sentence does not compile.
 */

/** Bounded set of failure codes. */
export type ErrorCode = keyof typeof ERROR_COPY;

/** What each failure says: one sentence of what happened, one of the way on. */
export const ERROR_COPY = {
  // sources
  'source-not-a-video': 'This file is not a video this page can read. Try an MP4, MOV, WebM or MKV file.',
  'source-empty': 'This file is empty. Choose another one.',
  'source-no-video-track': 'This file has no picture in it, only sound or data. Choose a video file.',
  'source-truncated': 'This video is cut off or damaged. It plays up to the damage; try a complete copy.',
  'source-no-key-picture':
    'This recording was cut where no picture stands by itself, so that no decoder can begin. Use the file as the camera wrote it, or convert it anew.',
  'source-clock-jumped':
    'The recorder’s clock jumped in this recording. Pictures follow each other all the same; a mark on the timeline shows where.',
  'source-gap':
    'Nothing was recorded for a while within this recording. The picture stands still there; a mark on the timeline shows where.',
  'source-part-unread':
    'A part of this file is not in its index and is not shown. Repair the file with the camera, or with a tool that builds the index anew.',
  'source-edits':
    'This file was put together from several parts by its edit list. They are shown uncut: what was left out between them can be seen.',
  'source-other-pictures':
    'This file holds more than one film, and the first is shown. To see the others, take them out into files of their own.',
  'picture-unreadable':
    'A picture of this set cannot be read. Its place is left empty and has no mask; the others are shown.',
  'picture-moves':
    'Some pictures of this set move. Of each the first picture is shown; to see all of it, convert it to a video.',
  'source-other-sounds':
    'This recording has more than one sound track, and the first is played. The details name the others.',
  'sound-not-played':
    'The sound of this recording is stored in a way that is not played here. The picture is complete.',
  'source-encrypted':
    'This video is encrypted and can only be played by the player it was made for. Choose another one.',
  'source-codec-unsupported':
    'This browser cannot decode the video’s codec. H.264, VP9 or AV1 in MP4, WebM or MKV will work.',
  'source-too-large':
    'This picture is larger than 8192 pixels on a side. Scale the video down and try again.',
  'archive-unreadable':
    'This ZIP cannot be opened: it is none, cut off, damaged, or one part of several. Pack it again, or choose the folder.',
  'archive-outside':
    'Names in this ZIP lead outside of it. Their files were opened as if they lay in it; the details name them.',
  'files-left': 'Some of these files were left out. The details name them, and say why.',
  'source-unreachable':
    'The video could not be read from its address. Check the address and the connection, then choose it again.',
  'source-failed': 'The video source stopped unexpectedly. Choose it again, or choose another.',
  'camera-denied':
    'The browser was not allowed to use the camera. Allow it in the address bar, then choose the camera again.',
  'camera-busy': 'The camera is in use by another program. Close that program, then choose the camera again.',
  'camera-frozen':
    'The camera sends no pictures any more; the one on screen stands still. Open its lid or allow it again, or choose another source.',
  'camera-absent': 'No camera was found. Plug one in, or choose the simulated drive or a video file.',
  'camera-unplugged': 'The camera was unplugged. Plug it in again, or choose another source.',
  'camera-unsupported':
    'This browser cannot hand camera frames to the page. Chrome, Edge and Firefox of today can.',
  'drive-failed': 'The simulated drive could not be drawn here. Choose a video file or a camera.',
  // models
  'model-not-found': 'The model could not be found at its address. Pick another model.',
  'model-network': 'The model could not be downloaded. Check the connection and try again.',
  'model-is-html': 'The address returned a web page in place of a model. Check the address.',
  'model-too-large': 'This model file is larger than the page accepts (256 MB). Export a smaller one.',
  'model-hash-mismatch':
    'The downloaded model is not the expected file (its SHA-256 differs). Reload to try again.',
  'model-manifest-invalid': 'The model’s manifest is not valid. The details name the field.',
  'class-list-invalid':
    'The list of classes is not valid: 2 to 256 different names, colours like #12ab9f, known roles. The details name the field.',
  'scores-not-numbers':
    'The network’s answer holds no numbers for this picture (NaN), so there is no mask. Choose another model, or one in single precision.',
  'model-not-onnx': 'This file is not an ONNX model. Drop a .onnx file.',
  'model-not-segmentation':
    'This ONNX model is not a segmentation network: it needs one image input and one output with a score for each class and pixel.',
  'model-load-failed': 'The model could not be started by the inference runtime. Pick another model.',
  // engine
  'webgpu-absent': 'This browser offers no WebGPU; the network runs on the processor and is slower.',
  'webgpu-software':
    'WebGPU is only emulated in software here; the network runs on the processor, which is faster.',
  'webgpu-no-frames':
    'This browser’s WebGPU does not take video frames as they are; the network runs on the processor.',
  'webgpu-lost': 'The graphics device was lost. The page is starting it again.',
  'webgpu-failed': 'The graphics device failed repeatedly; the network now runs on the processor.',
  'webgpu-unfit':
    'The network could not be started on this browser’s WebGPU; it runs on the processor instead.',
  'cpu-engine-failed':
    'The fast engine for processors could not be started; the network runs on ONNX Runtime (WebAssembly), which is slower.',
  'webgpu-ended-page':
    'This browser’s WebGPU ended the page the last time, so the network runs on the processor now.',
  'engine-ended-page': 'The engine that was asked for ended the page the last time, so another one runs now.',
  'engine-requested': 'The engine was chosen in the address of the page.',
  'memory-short':
    'There was not enough memory for the network. Close other tabs or programs, or choose a smaller model.',
  'simd-missing':
    'This browser lacks a part of WebAssembly (SIMD) that networks on the processor need. Update it, or use another one.',
  'engine-measured':
    'When this machine was measured the processor was the better engine, so the network runs there. Measure it again to change that.',
  'rate-lowered':
    'This machine cannot segment every frame at the picture’s rate, so some are left out; the details say how many. It goes back by itself.',
  'inference-failed': 'The network failed on a frame. The page is starting it again.',
  'worker-silent': 'The worker stopped answering. The page is starting it again.',
  'worker-gone': 'The worker could not be started again. Reload the page.',
  'worker-not-started':
    'The worker that draws could not be started. This browser or a policy of the page forbids it, or its file is missing on the server.',
  // live rooms
  'live-unreachable': 'The server of live rooms cannot be reached. The page keeps trying.',
  'live-connection-lost': 'The connection to the room was lost. The page is joining again.',
  'live-not-ready': 'The server is still preparing its live rooms. The page joins as soon as they are there.',
  'live-token-missing': 'Joining this room takes an invitation. Ask its owner for a link.',
  'live-token-invalid': 'This invitation is not valid for this room. Ask its owner for another link.',
  'live-token-expired': 'This invitation has expired. Ask the owner of the room for another link.',
  'live-full': 'There is no more space in this room. Try again later.',
  'live-removed':
    'The operator of the server has ended this stay in the room. Ask its owner for another link.',
  'live-held-back':
    'The server holds this room back for a while, since its media worker failed again and again. The page keeps trying.',
  'live-refused': 'The server refused this request. Reload the page.',
  'live-unsupported':
    'This browser cannot take part in live rooms. Chrome, Edge, Firefox and Safari of today can.',
  'recordings-refused':
    'These recordings cannot be fetched: they are gone, or this invitation does not let you look at them. Ask the owner of the server.',
  'recording-coming': 'The recording is being fetched from the server. It opens as soon as it is here.',
  'live-publish-failed': 'The picture could not be sent to the room. Choose the source again.',
  // library
  'option-invalid': 'An option of the stage or its element is not valid. The details name the field.',
  'stage-disposed': 'The stage was disposed of, or its element was taken off the page. Make another one.',
  'source-input-unknown':
    'This is nothing that can be played: give the name of a drive, an address, a file, a camera, a MediaStream or a stream of frames.',
  // page
  'browser-lacks':
    'This browser lacks something that the page uses; the rest works. The details, and “This browser” beside the picture, say what.',
  'update-ready':
    'A new version of this page is there. It is taken when you say so, or when the page is opened the next time.',
  'shared-too-large':
    'What was shared with the page is more than it takes (20 files, 2 GB). Open the files from the page.',
  'parameter-ignored': 'A setting in the address of the page was not understood and is ignored.',
  'language-not-loaded':
    'The page’s words in this language could not be loaded. Check the connection and choose it again.',
  // scene
  'camera-model-invalid':
    'The camera’s height, angles or field of view are out of range. Choose a preset or move the sliders back.',
  'class-map-invalid': 'The network’s class map does not fit its size; the scene is not read from it.',
  // recordings
  'analysis-failed': 'The analysis stopped. What was analysed is kept; start it again to go on.',
  'storage-full':
    'There is no room left for results on this machine. Delete kept analyses, or free some disk space.',
  'storage-refused':
    'This browser lets the page keep no files, which analyses and exports need. Allow this page to store data, and try again.',
  'export-failed': 'The export could not be made. Nothing was written; try again.',
  'export-codec-missing':
    'This browser cannot write video in this format. Choose the other format, or export the masks.',
  'labels-unreadable':
    'These labels cannot be read. A ZIP of PNG files, as exported here, or a COCO file will work.',
  'labels-unclear':
    'It is not clear what these labels mean, or which frames they are of. Answer the questions beside the picture first.',
  'labels-mismatch': 'These labels do not belong to this video. Open the video they were made for.',
  'marks-unreadable':
    'This is no file of marks that can be read. Take one that this page has exported. The details name what is wrong.',
  'blur-unavailable':
    'People and vehicles cannot be blurred here: the model names neither, or has not seen the picture yet. Choose another model, or go on without blurring.',
  // what a recording says of the drive
  'track-unread':
    'No track was found in this file. GPX, and the sentences that dashcams write beside their videos (NMEA), can be read, where they say when the vehicle was there.',
  'track-obscured':
    'This recording’s places are encrypted, or in its maker’s own form, and are not shown. A GPX file of the same drive can be laid beside it.',
  'track-unsure':
    'It is not certain where in the recording this track belongs: its clock does not tell. Compare with the picture, and move it by seconds below the map.',
  'track-failed':
    'What this recording says of the drive could not be read. It plays without; choose it again to try once more.',
  'track-nothing-left':
    'Nothing of the track is left once the surroundings of its start and end are cut. Cut fewer metres, or choose a longer range.',
  'track-without-recording': 'A track is shown beside the video it belongs to. Open that video first.',
  // a map under the track
  'map-not-pmtiles':
    'This is no PMTiles file. Choose a map whose name ends in .pmtiles; the track stays as it is.',
  'map-old':
    'This map is a PMTiles file of an older or unknown version. Convert it to version 3 with the pmtiles tool.',
  'map-cut':
    'This map file is cut off. What can be read of it is shown; copy or download it again to have all of it.',
  'map-damaged': 'Parts of this map cannot be read and are left empty. Copy or download it again.',
  'map-tiles-unread':
    'This map’s tiles are not read here. PNG, JPEG, WebP, AVIF and MVT are, packed with gzip or not at all.',
  'map-elsewhere':
    'This map has no tiles where the track is. Choose a map of that region; the track stays as it is.',
  'map-too-close':
    'This map has near views only, too many for a drive of this length. Choose one that has farther views, too.',
  'map-too-much': 'The tiles of this map are too large to be drawn under the track. Choose a simpler map.',
  'map-failed':
    'The map could not be read, or not in time. The track stays; choose the map again to try once more.',
  'map-waits': 'This map lies under the track of a drive. Open a recording that tells where it went.',
  'pyramid-unavailable':
    'The pyramid cannot be inspected now: it takes a picture on screen and a built-in network. Choose both and try again.',
  // picture
  'overlay-failed':
    'The picture cannot be drawn here: the browser offers neither WebGPU nor WebGL2. Update the browser or the graphics driver.',
  'drawing-lost':
    'The browser took the drawing away, as it does when graphics restart. It is being set up again.',
  'snapshot-failed': 'The snapshot could not be made. Try again while a picture is shown.',
} as const satisfies Record<string, string>;

/** An error with a code, one sentence for people, and what the machine said. */
export class CarriagewayError extends Error {
  override readonly name = 'CarriagewayError';

  /**
   * @param code which failure
   * @param detail what the machine said (a field name, a codec string); shown below the sentence, may be empty
   */
  constructor(
    readonly code: ErrorCode,
    readonly detail = '',
    options?: ErrorOptions,
  ) {
    super(ERROR_COPY[code], options);
  }
}

/** Form in which an error crosses a worker boundary (structured clone drops fields of Error subclasses). */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: string;
}

/** Turns anything thrown into a report; what has no code of its own gets `fallback`. */
export function reportOf(thrown: unknown, fallback: ErrorCode): ErrorReport {
  if (thrown instanceof CarriagewayError)
    return { code: thrown.code, message: thrown.message, detail: thrown.detail };
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: fallback, message: ERROR_COPY[fallback], detail };
}

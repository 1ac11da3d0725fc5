/** What tells one recording, and one way of analysing it, from another. */
import { filesOfLabels, type LabelParts } from '../labels/label-parts';
import type { ModelManifest } from '../model/manifest';
import type { RecordingParts } from '../sources/recording/recording';
import { RemoteFile } from '../sources/recording/remote-file';
import type { Job } from './job';

/** Bytes looked at in three places: enough to meet packed pictures, few enough to be instant for any size. */
const PROBE = 65536;

/**
 * A recording's fingerprint: SHA-256 over its size and its first, middle and last bytes, as hex. Recordings of a camera
 * differ in each of these; the whole of a file of several GB would take a minute to read.
 */
export async function fingerprintOf(file: Blob): Promise<string> {
  const middle = Math.max(0, Math.floor(file.size / 2 - PROBE / 2));
  const parts = [
    new Blob([String(file.size)]),
    file.slice(0, PROBE),
    file.slice(middle, middle + PROBE),
    file.slice(Math.max(0, file.size - PROBE)),
  ];
  // What is read from elsewhere is in no blob that is made of it.
  const read = await Promise.all(parts.map((part) => part.arrayBuffer()));
  return sha256(await new Blob(read).arrayBuffer());
}

/** Tells a network from any other: the hashes of all its files, so that half and single precision are one network. */
export function networkId({ files }: Pick<ModelManifest, 'files'>): string {
  return files
    .map(({ sha256 }) => sha256)
    .sort()
    .join('-');
}

/** Raised when records of frames change: what was kept in the older form is not found any more. */
const KEY_VERSION = 4;

/** Key of an analysis: the recording, the network, and the settings that change its answers. */
export async function analysisKey(fingerprint: string, network: string, settings: unknown): Promise<string> {
  const text = JSON.stringify([KEY_VERSION, fingerprint, network, settings]);
  return (await sha256(new TextEncoder().encode(text).buffer as ArrayBuffer)).slice(0, 40);
}

/** Key of the analysis that a job asks for. */
export async function keyOfAnalysis(
  { recording, ignore, labels }: Pick<Job, 'recording' | 'ignore' | 'labels'>,
  manifest: Pick<ModelManifest, 'files' | 'classes'>,
): Promise<string> {
  const [recorded, compared] = await Promise.all([
    fingerprintOfParts(recording),
    labels && fingerprintOfLabels(labels),
  ]);
  // The same weights with other names or roles give other records.
  const { classes } = manifest;
  return analysisKey(recorded, networkId(manifest), { ignore, labels: compared, classes });
}

/** Fingerprint of labels and of how they are read: other classes for the same numbers are other labels. */
async function fingerprintOfLabels(labels: LabelParts): Promise<string> {
  const { files, reading, instances } = labels;
  const all =
    files instanceof Blob ? await fingerprintOf(files) : await fingerprintOfAll(filesOfLabels(labels));
  const read = instances ? [all, reading, instances] : [all, reading];
  return sha256(new TextEncoder().encode(JSON.stringify(read)).buffer as ArrayBuffer);
}

/** Fingerprint of whatever a recording is made of. One video has its own. */
async function fingerprintOfParts(parts: RecordingParts): Promise<string> {
  switch (parts.kind) {
    case 'videos':
      return parts.videos.length === 1 ? fingerprintOf(parts.videos[0]!) : fingerprintOfAll(parts.videos);
    case 'address':
      return fingerprintOf(new RemoteFile(parts));
    case 'pictures':
      return fingerprintOfAll(parts.pictures);
    case 'cameras': {
      const all: unknown[] = [];
      for (const { name, clips } of parts.cameras)
        all.push([
          name,
          await fingerprintOfAll(clips.map(({ file }) => file)),
          clips.map(({ clock }) => clock),
        ]);
      const { offset, camera } = parts;
      const seen = camera === undefined ? [all, offset] : [all, offset, camera];
      return sha256(new TextEncoder().encode(JSON.stringify(seen)).buffer as ArrayBuffer);
    }
  }
}

async function fingerprintOfAll(files: readonly (Blob | null)[]): Promise<string> {
  let all = '';
  // One after the other: a folder has thousands, and each is read.
  for (const file of files) all += `${file ? await fingerprintOf(file) : '-'}\n`;
  return sha256(new TextEncoder().encode(all).buffer as ArrayBuffer);
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What tells one recording, and one way of analysing it, from another. */
import type { ModelManifest } from '../model/manifest';
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
  return sha256(await new Blob(parts).arrayBuffer());
}

/** Tells a network from any other: the hashes of all its files, so that half and single precision are one network. */
export function networkId({ files }: Pick<ModelManifest, 'files'>): string {
  return files
    .map(({ sha256 }) => sha256)
    .sort()
    .join('-');
}

/** Key of an analysis: the recording, the network, and the settings that change its answers. */
export async function analysisKey(fingerprint: string, network: string, settings: unknown): Promise<string> {
  const text = JSON.stringify([1, fingerprint, network, settings]);
  return (await sha256(new TextEncoder().encode(text).buffer as ArrayBuffer)).slice(0, 40);
}

/** Key of the analysis that a job asks for. */
export async function keyOfAnalysis(
  { file, ignore, labels }: Pick<Job, 'file' | 'ignore' | 'labels'>,
  manifest: Pick<ModelManifest, 'files'>,
): Promise<string> {
  const [recording, compared] = await Promise.all([fingerprintOf(file), labels && fingerprintOf(labels)]);
  return analysisKey(recording, networkId(manifest), { ignore, labels: compared });
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

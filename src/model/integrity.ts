/** Whether bytes are the ones that were meant: SHA-256 by the platform. */
import { CarriagewayError } from '../errors';
import type { ModelFile } from './manifest';

/** SHA-256 of bytes, as 64 small hexadecimal digits. Needs a secure context (https or localhost). */
export async function sha256Hex(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Checks length and hash of a model file.
 * @throws CarriagewayError `model-hash-mismatch`
 */
export async function verifyModel(
  bytes: ArrayBuffer,
  expected: Pick<ModelFile, 'path' | 'bytes' | 'sha256'>,
): Promise<void> {
  if (bytes.byteLength !== expected.bytes)
    throw new CarriagewayError(
      'model-hash-mismatch',
      `${expected.path}: ${bytes.byteLength} bytes, ${expected.bytes} expected`,
    );
  const actual = await sha256Hex(bytes);
  if (actual !== expected.sha256)
    throw new CarriagewayError(
      'model-hash-mismatch',
      `${expected.path}: ${actual.slice(0, 12)}…, ${expected.sha256.slice(0, 12)}… expected`,
    );
}

/** A recording out of the network: fetched to a file, and gone on with by ranges where the connection broke. */
import { createWriteStream, mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Tries without a single byte more before it is given up. */
const TRIES = 5;

/** Bytes of a file at most: more is no recording, but a server that never ends. */
const BYTES_MAX = 256 * 2 ** 30;

/** Milliseconds between two tries. */
const PAUSE = 1000;

/**
 * Fetches a file.
 * @param folder made for it
 * @returns its path
 * @throws Error in one sentence
 */
export async function fetchFile(address: string, folder: string, signal: AbortSignal): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, basename(new URL(address).pathname) || 'recording');
  let why = '';
  for (let tries = 0; tries < TRIES; tries++) {
    const had = sizeOf(path);
    try {
      if (await fetchRest(address, path, had, signal)) return path;
      why = 'the connection broke';
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refused) throw error;
      why = error instanceof Error ? error.message : String(error);
    }
    if (sizeOf(path) > had) tries = -1;
    await pause(PAUSE, undefined, { signal });
  }
  throw new Error(`${address} could not be fetched: ${why}.`);
}

/** An answer that stays the same however often it is asked for. */
class Refused extends Error {}

/** Fetches what is missing. @returns whether the file is whole now */
async function fetchRest(address: string, path: string, had: number, signal: AbortSignal): Promise<boolean> {
  const response = await fetch(address, { signal, headers: had > 0 ? { Range: `bytes=${had}-` } : {} });
  const { status, body } = response;
  if (status === 416 && had > 0) return true;
  if (!response.ok || !body) throw new Refused(`${address} answered with HTTP ${status}.`);
  // A server that knows no ranges begins anew.
  const from = status === 206 ? had : 0;
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  if (from + length > BYTES_MAX) throw new Refused(`${address} is larger than 256 GB.`);
  let written = from;
  const counted = async function* (source: AsyncIterable<Uint8Array>) {
    for await (const bytes of source) {
      written += bytes.length;
      if (written > BYTES_MAX) throw new Refused(`${address} is larger than 256 GB.`);
      yield bytes;
    }
  };
  await pipeline(counted(body), createWriteStream(path, from > 0 ? { flags: 'r+', start: from } : {}));
  return Number.isNaN(length) || written === from + length;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

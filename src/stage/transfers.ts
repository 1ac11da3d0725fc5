/**
 * What comlink moves rather than copies, so that an interface between page and worker is written once: canvases, frame
 * handles, a model's bytes, and listeners. Both sides call `carryTransfers` once before their first call.
 */
import { type TransferHandler, transferHandlers } from 'comlink';
import { carryErrors } from '../error-transfer';
import type { FrameHandle } from '../media/timed-frame';
import type { ModelRequest } from './stage-api';

type ModelFile = Extract<ModelRequest, { kind: 'file' }>;

/** A handler for values that arrive as they were sent, with some of them given away. */
function moved<T>(
  canHandle: (value: unknown) => value is T,
  given: (value: T) => Transferable,
): TransferHandler<T, T> {
  return { canHandle, serialize: (value) => [value, [given(value)]], deserialize: (value) => value };
}

function isCanvas(value: unknown): value is OffscreenCanvas {
  return typeof OffscreenCanvas !== 'undefined' && value instanceof OffscreenCanvas;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isHandle(value: unknown): value is FrameHandle {
  if (!isObject(value)) return false;
  return value.kind === 'port'
    ? value.port instanceof MessagePort
    : value.kind === 'stream' && 'stream' in value;
}

function isModelFile(value: unknown): value is ModelFile {
  return isObject(value) && value.kind === 'file' && value.bytes instanceof ArrayBuffer;
}

/** Teaches comlink what to move, and to keep an error's code, in this thread. */
export function carryTransfers(): void {
  carryErrors();
  transferHandlers.set(
    'canvas',
    moved(isCanvas, (canvas) => canvas),
  );
  transferHandlers.set(
    'frames',
    moved(isHandle, (handle) => (handle.kind === 'port' ? handle.port : handle.stream)),
  );
  transferHandlers.set(
    'model',
    moved(isModelFile, ({ bytes }) => bytes),
  );
  const proxies = transferHandlers.get('proxy');
  if (!proxies) throw new Error('comlink has no handler for proxies any more.');
  // A listener is called where it was made.
  transferHandlers.set('listener', { ...proxies, canHandle: (value) => typeof value === 'function' });
}

/**
 * Lets errors keep their code across a worker's boundary: comlink's own handler keeps only message, name and stack.
 * Both sides call `carryErrors` once before their first call.
 */
import { transferHandlers } from 'comlink';
import { CarriagewayError, type ErrorCode } from './errors';

interface CarriedError {
  readonly carried: { readonly code: ErrorCode; readonly detail: string };
}

function isCarried(value: unknown): value is CarriedError {
  return typeof value === 'object' && value !== null && 'carried' in value;
}

/** Extends comlink's handling of thrown values, in this thread. */
export function carryErrors(): void {
  const original = transferHandlers.get('throw');
  if (!original) throw new Error('comlink has no handler for thrown values any more.');
  transferHandlers.set('throw', {
    canHandle: original.canHandle,
    serialize(wrapped) {
      const { value } = wrapped as { value: unknown };
      if (!(value instanceof CarriagewayError)) return original.serialize(wrapped);
      return [{ carried: { code: value.code, detail: value.detail } } satisfies CarriedError, []];
    },
    deserialize(serialized) {
      if (isCarried(serialized))
        throw new CarriagewayError(serialized.carried.code, serialized.carried.detail);
      return original.deserialize(serialized);
    },
  });
}

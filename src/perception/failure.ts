/** What a runtime throws, as a failure with a code. */
import { CarriagewayError, type ErrorCode } from '../errors';

/** How browsers and runtimes say that there was no memory. */
const MEMORY =
  /out of memory|bad_?alloc|allocation (failed|size overflow)|(could not|cannot|failed to) (allocate|grow)/i;

/** Failures that say no more than that something failed. */
const UNSPECIFIC: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['model-load-failed', 'inference-failed']);

/**
 * Wraps what was thrown, unless it has a code that says more.
 * @param code of what is nothing in particular; a lack of memory is always `memory-short`
 */
export function codedFailure(thrown: unknown, code: ErrorCode): CarriagewayError {
  const coded = thrown instanceof CarriagewayError ? thrown : null;
  if (coded && !UNSPECIFIC.has(coded.code)) return coded;
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const detail = coded?.detail ?? said;
  if (MEMORY.test(detail)) return new CarriagewayError('memory-short', detail, { cause: thrown });
  return coded ?? new CarriagewayError(code, detail, { cause: thrown });
}

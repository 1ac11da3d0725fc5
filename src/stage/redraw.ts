/**
 * Where there is no GPU, pictures are drawn with WebGL2, and the browser may take that away (its graphics process ended,
 * or others asked for too many contexts). The network has no part in it: it stays, and only the drawing is set up again.
 */
import { CarriagewayError, type ErrorReport, reportOf } from '../errors';
import type { EngineKind } from '../perception/engine';
import type { StageParts } from './ports';
import type { Recovery } from './recovery';

/** What is drawn, as far as setting it up again goes. */
export interface Drawn {
  readonly disposed: boolean;
  notice(error: ErrorReport): void;
  /** Gives the lost drawing up. */
  takeDown(): Promise<void>;
  /** Draws on fresh canvases. */
  putUp(): Promise<void>;
}

/** Whether the drawing failed and nothing else. @param kind of the running engine: one on the GPU fails with its device */
export function onlyDrawingFailed(thrown: unknown, kind: EngineKind): boolean {
  return (
    kind !== 'webgpu' &&
    thrown instanceof CarriagewayError &&
    (thrown.code === 'drawing-lost' || thrown.code === 'overlay-failed')
  );
}

/**
 * One try; after too many the page is told that there is nothing to draw with.
 * @param tries counts the losses of the drawing, apart from those of the network
 * @returns whether there is still hope
 * @throws what failed this time
 */
export async function redraw(
  thrown: unknown,
  tries: Recovery,
  parts: Pick<StageParts, 'now' | 'wait'>,
  drawn: Drawn,
): Promise<boolean> {
  const step = tries.failed('wasm', parts.now());
  const report = reportOf(thrown, 'drawing-lost');
  const hopeless = step.type === 'give-up';
  drawn.notice(
    reportOf(new CarriagewayError(hopeless ? 'overlay-failed' : 'drawing-lost', report.detail), report.code),
  );
  await drawn.takeDown();
  if (hopeless) return false;
  await parts.wait(step.delay);
  if (!drawn.disposed) await drawn.putUp();
  return true;
}

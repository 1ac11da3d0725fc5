/** Files dropped anywhere on the page: a network, or else a video, which is judged by its content. */
import type { AppContext } from './context';

/** Whether something is dragged that holds files. */
function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/**
 * Listens to the window until `signal` aborts.
 * @param onDragging tells whether files hover over the page
 */
export function listenToDrops(
  context: AppContext,
  onDragging: (dragging: boolean) => void,
  signal: AbortSignal,
): void {
  // Each element entered is entered before the last one is left: counting them tells when the page is left.
  let depth = 0;
  const enter = (event: DragEvent) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    if (++depth === 1) onDragging(true);
  };
  const leave = (event: DragEvent) => {
    if (!holdsFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) onDragging(false);
  };
  const over = (event: DragEvent) => {
    // Without this the browser would leave the page and open the file.
    if (holdsFiles(event)) event.preventDefault();
  };
  const drop = (event: DragEvent) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    onDragging(false);
    const file = event.dataTransfer?.files[0];
    if (file) take(context, file);
  };
  addEventListener('dragenter', enter, { signal });
  addEventListener('dragleave', leave, { signal });
  addEventListener('dragover', over, { signal });
  addEventListener('drop', drop, { signal });
}

function take(context: AppContext, file: File): void {
  if (/\.onnx$/i.test(file.name)) void context.models.bring(file);
  else if (/\.zip$/i.test(file.name)) void context.study.openLabels(file);
  else void context.sources.open({ kind: 'file', file });
}

/** Files and folders dropped anywhere on the page. */
import { CarriagewayError } from '../../errors';
import { MAP } from '../../media/file-kinds';
import { EVENT_MAX, parseTeslaEvent } from '../../sources/recording/drive-files/tesla-event';
import { say } from '../../words/words';
import type { AppContext } from '../shell/context';
import { firstNamed } from './first-named';
import { type FileRequest, type GatheredFile, gather, type Left } from './gather';
import { withoutArchives } from './packed';

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
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then((files) => take(context, files));
  };
  addEventListener('dragenter', enter, { signal });
  addEventListener('dragleave', leave, { signal });
  addEventListener('dragover', over, { signal });
  addEventListener('drop', drop, { signal });
}

/** Opens whatever files are: see `gather`. Other drives among them are offered in the menu, what is left is said. */
export async function take(context: AppContext, dropped: readonly GatheredFile[]): Promise<void> {
  const heap = await withoutArchives(context, dropped);
  // Another source was asked for meanwhile.
  if (!heap) return;
  // A map goes under whatever track there is, or will be.
  const maps = heap.files.filter(({ path }) => MAP.test(path));
  const files = heap.files.filter((file) => !maps.includes(file));
  const [map, ...further] = maps;
  if (map) void context.map.open(map.file);
  const gathered = gather(files);
  const left = [...heap.left, ...further.map(({ path }) => ({ path, why: say('left.one-map') }))];
  if (gathered?.kind === 'recording') {
    const request = await withEvent(gathered.request, gathered.event);
    const { others } = gathered;
    context.store.update({ drives: others.length > 0 ? [request, ...others] : [] });
    sayLeft(context, [...left, ...gathered.left]);
    void context.sources.open(request);
    return;
  }
  sayLeft(context, left);
  if (gathered?.kind === 'network') void context.models.bring(gathered.file);
  else if (gathered?.kind === 'labels') void context.compare.openLabels(gathered.labels, gathered.name);
  else if (gathered?.kind === 'tracks') void context.track.openFiles(gathered.files);
}

function sayLeft({ notices }: AppContext, left: readonly Left[]): void {
  if (left.length === 0) return;
  const named = firstNamed(left.map(({ path, why }) => `${path} (${why})`));
  notices.thrown(new CarriagewayError('files-left', named), 'source-failed');
}

/** What a Tesla tells of an event: its camera comes first, and its moment is marked. */
async function withEvent(request: FileRequest, file: File | null): Promise<FileRequest> {
  if (!file || file.size > EVENT_MAX || request.parts.kind !== 'cameras') return request;
  const event = parseTeslaEvent(await file.text().catch(() => ''));
  if (!event) return request;
  const { parts } = request;
  const saw = (name: string): number => Number(name === event.camera);
  const cameras = parts.cameras.toSorted((a, b) => saw(b.name) - saw(a.name));
  return { ...request, parts: { ...parts, cameras, event: { clock: event.clock, note: event.note } } };
}

/** All files of a drop, those in folders too. What is dropped can be looked at only before the first `await`. */
function droppedFiles(transfer: DataTransfer): Promise<readonly GatheredFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const plain = [...transfer.files].map((file) => ({ path: file.name, file }));
  if (!entries.some((entry) => entry?.isDirectory)) return Promise.resolve(plain);
  return Promise.all(entries.map((entry) => (entry ? filesIn(entry, '') : []))).then((all) => all.flat());
}

/** Files at and below an entry; what cannot be read is left out. */
async function filesIn(entry: FileSystemEntry, folder: string): Promise<GatheredFile[]> {
  const path = `${folder}${entry.name}`;
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      return [{ path, file }];
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    const found: GatheredFile[] = [];
    for (;;) {
      // A reader gives its entries in portions, and an empty one at the end.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) return found;
      for (const each of some) found.push(...(await filesIn(each, `${path}/`)));
    }
  } catch {
    return [];
  }
}

/** Archives among files that were dropped or chosen: recordings in them are opened as the folders that were packed. */
import { CarriagewayError } from '../../errors';
import { ARCHIVE, PICTURE, VIDEO } from '../../media/file-kinds';
import type { LeftEntry, PackedReason } from '../../sources/packed/unpack-folder';
import { say } from '../../words/words';
import type { AppContext } from '../shell/context';
import { firstNamed } from './first-named';
import type { GatheredFile, Left } from './gather';

const WHY: Readonly<Record<PackedReason, (entry: LeftEntry) => string>> = {
  encrypted: () => say('left.encrypted'),
  packing: ({ packing = '' }) => say('left.packing', { packing }),
  nested: () => say('left.nested'),
  foreign: () => say('left.foreign'),
  damaged: () => say('left.damaged'),
  'too-many': () => say('left.too-many'),
  'too-large': () => say('left.too-large'),
  'too-dense': () => say('left.too-dense'),
  'too-long': () => say('left.too-long'),
};

/**
 * Files with what is in their archives in place of those; an archive of labels stays one, and one that cannot be read is
 * said and left. Null where another source was asked for meanwhile.
 */
export async function withoutArchives(
  context: AppContext,
  dropped: readonly GatheredFile[],
): Promise<{ readonly files: readonly GatheredFile[]; readonly left: readonly Left[] } | null> {
  const { notices, sources, store } = context;
  const others = dropped.some(({ path }) => VIDEO.test(path) || PICTURE.test(path));
  const beside = others || store.state.session?.request.kind === 'file';
  const files: GatheredFile[] = [];
  const left: Left[] = [];
  const taken = new Set<string>();
  for (const each of dropped) {
    if (!ARCHIVE.test(each.path)) {
      files.push(each);
      continue;
    }
    try {
      const folder = await sources.unpack(each.path, each.file, beside);
      if (folder === 'superseded') return null;
      if (!folder) files.push(each);
      // Of a folder that was packed in several pieces each has a part; of two folders the names may be the same.
      const twice = folder?.files.some(({ path }) => taken.has(path)) ?? false;
      const above = twice ? `${each.path.replace(ARCHIVE, '')}/` : '';
      for (const { path, file } of folder?.files ?? []) {
        taken.add(path);
        files.push({ path: `${above}${path}`, file });
      }
      left.push(...(folder?.left ?? []).map((entry) => ({ path: entry.path, why: WHY[entry.why](entry) })));
      sayOutside(context, folder?.outside ?? []);
    } catch (thrown) {
      notices.thrown(thrown, 'archive-unreadable');
    }
  }
  return { files, left };
}

function sayOutside({ notices }: AppContext, outside: readonly string[]): void {
  if (outside.length === 0) return;
  notices.thrown(new CarriagewayError('archive-outside', firstNamed(outside)), 'archive-outside');
}

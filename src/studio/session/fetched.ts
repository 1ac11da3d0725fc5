/** What a server recorded of a room, fetched because the page's address asks for it, and opened like dropped files. */
import { CarriagewayError, reportOf } from '../../errors';
import { say } from '../../words/words';
import type { AppContext } from '../shell/context';
import { take } from './drop';

/**
 * Fetches a recording.
 * @param onProgress told of the share that is there, 0 to 1
 * @returns its files, and how many were left since together they are too much
 * @throws CarriagewayError `recordings-refused`, `live-unreachable`
 */
export type FetchRecording = (
  onProgress: (share: number) => void,
) => Promise<{ readonly files: readonly File[]; readonly left: number }>;

/** Steps in which the way there is told: each is spoken. */
const STEPS = 4;

/** Fetches and opens it. Never rejects: what goes wrong is shown. */
export async function openFetched(
  context: AppContext,
  fetchRecording: FetchRecording,
  signal: AbortSignal,
): Promise<void> {
  const { notices, store } = context;
  notices.show(reportOf(new CarriagewayError('recording-coming'), 'recording-coming'));
  let told = 0;
  try {
    const { files, left } = await fetchRecording((share) => {
      const step = Math.floor(share * STEPS);
      if (step <= told || signal.aborted) return;
      told = step;
      store.update({ spoken: say('recording.fetched', { percent: Math.round((step / STEPS) * 100) }) });
    });
    if (signal.aborted) return;
    notices.clear('recording-coming');
    if (left > 0) notices.thrown(new CarriagewayError('files-left', `+ ${left} (> 1 GB)`), 'files-left');
    await take(
      context,
      files.map((file) => ({ path: file.name, file })),
    );
  } catch (thrown) {
    if (signal.aborted) return;
    notices.clear('recording-coming');
    notices.thrown(thrown, 'live-unreachable');
  }
}

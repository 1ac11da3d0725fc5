/** What has to be told of a recording that is made of several. */
import type { ErrorReport } from '../../errors';
import type { Recording } from './recording';

/** The notices of all of them, each kind once, with the name of the first that it is about. */
export function jointNotices(
  clips: readonly { readonly name: string; readonly recording: Pick<Recording, 'info'> }[],
): readonly ErrorReport[] {
  const told = new Map<string, ErrorReport>();
  for (const { name, recording } of clips)
    for (const notice of recording.info.notices ?? [])
      if (!told.has(notice.code))
        told.set(notice.code, { ...notice, detail: [name, notice.detail].filter(Boolean).join(': ') });
  return [...told.values()];
}

/** Whether pictures of a recording are stored in a way that the proportions of label maps do not tell. */
import { hidesTurn } from '../../media/orientation';
import { uprightSize } from '../../media/size';
import type { Recording } from './recording';

/** Pictures of a set that are looked at: each may have a turn of its own. */
const LOOKED_AT = 8;

/**
 * Looks at the first picture of a video, or at some pictures of a set.
 * @param each whether each picture has a turn of its own
 */
export async function hidesTurns(
  recording: Pick<Recording, 'info' | 'frames'>,
  each: boolean,
): Promise<boolean> {
  const { duration } = recording.info;
  const looks = each ? LOOKED_AT : 1;
  for (let k = 0; k < looks; k++)
    for await (const { frame, rotation, stored, close } of recording.frames((k / looks) * duration)) {
      const picture = uprightSize({ width: frame.displayWidth, height: frame.displayHeight }, rotation);
      close();
      if (hidesTurn(picture, stored ?? { rotation, mirrored: false })) return true;
      break;
    }
  return false;
}

/** The worker's side of unpacking: one archive, one answer. */
import { unpackInSteps } from '../../labels/archive';
import { type PackedFolder, type UnpackProgress, unpackFolder } from './unpack-folder';

/** The worker's interface. */
export interface UnpackApi {
  /** As `unpackFolder`. */
  unpack(archive: Blob, beside: boolean, told: UnpackProgress): Promise<PackedFolder | null>;
}

/** Steps in which the way there is told: each is a message. */
const STEPS = 200;

/** Packed bytes of a step: at most 64 MB come out of it. */
const STEP = 65_536;

/** Unpacks, in a thread of its own. */
export class UnpackService implements UnpackApi {
  constructor() {
    unpackInSteps(STEP);
  }

  unpack(archive: Blob, beside: boolean, told: UnpackProgress): Promise<PackedFolder | null> {
    let step = -1;
    return unpackFolder(archive, beside, (done, of) => {
      const now = of === 0 ? 0 : Math.floor((done / of) * STEPS);
      if (now === step) return;
      step = now;
      told(done, of);
    });
  }
}

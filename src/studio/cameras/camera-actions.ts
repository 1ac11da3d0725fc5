/** Which of several cameras is looked at, and how their pictures stand. */
import { say } from '../../words/words';
import type { AppStore } from '../shell/app-state';
import { cameraLabel } from '../shell/names';
import type { SavedSettings } from '../shell/saved';
import { type CameraChoice, type CameraLayout, usualLayout } from './camera-layout';

/** What follows when another camera is looked at. */
export interface CameraPorts {
  /** What was open on the other one's picture is closed. */
  readonly leave: () => void;
  /** Everything that concerns one camera concerns this one from now on. */
  readonly turned: () => void;
}

/** Chooses cameras and layouts. */
export class CameraActions {
  constructor(
    private readonly store: AppStore,
    private readonly saved: Pick<SavedSettings, 'cameraLayout' | 'saveCameraLayout'>,
    private readonly ports: CameraPorts,
  ) {
    store.update({ cameraLayout: saved.cameraLayout() });
  }

  /** Looks at a camera; nothing happens where there is none at that place. */
  choose(camera: number): void {
    const { session, chosen, rig, report, reports, analysis } = this.store.state;
    const next = rig[camera];
    if (!session || !next || camera === chosen) return;
    this.ports.leave();
    session.update({ chosen: camera, beside: chosen });
    const { info } = session.state.playback;
    const { width, height } = info.cameras?.[camera] ?? info;
    const seen = reports[camera];
    const label = cameraLabel(next.name);
    this.store.update({
      picture: { width, height },
      report: seen && report ? { ...seen, liveObjects: report.liveObjects } : null,
      spoken: say(analysis.running ? 'spoken.camera-stopped' : 'spoken.camera', { name: label }),
    });
    this.ports.turned();
  }

  /** Puts the pictures another way, and remembers it. */
  setLayout(layout: CameraLayout): void {
    this.store.update({
      cameraLayout: layout,
      spoken: say('spoken.layout', { name: say(`cameras.${layout}`) }),
    });
    this.saved.saveCameraLayout(layout);
  }
}

/** How the pictures stand, as it was chosen or as fits their number, and who stands out. */
export function choiceOf({
  rig,
  cameraLayout,
  chosen,
  beside,
}: Pick<AppStore['state'], 'rig' | 'cameraLayout' | 'chosen' | 'beside'>): CameraChoice {
  return { layout: cameraLayout ?? usualLayout(rig.length), chosen, beside };
}

/** Entry of the live pages, loaded only when the address asks for one. */
import './live.css';
import './tiles.css';
import './publish-page.css';
import './alarms.css';
import './recordings.css';
import { openDrive } from '../drive/drive-source';
import { openCamera } from '../sources/camera';
import { openFile } from '../sources/recording/recording-source';
import { linkStage } from '../stage/stage-link';
import { Dashboard } from './dashboard';
import type { LiveParams } from './params';
import { PublishPage } from './publish-page';
import { showRoomForm } from './room-form';

/** Builds the page that the address asks for inside `root`. */
export function openLive(root: HTMLElement, params: LiveParams): void {
  const { room, publish } = params;
  if (room === null) {
    showRoomForm(root);
    return;
  }
  const page =
    publish === null
      ? new Dashboard(root, { ...params, room }, linkStage)
      : new PublishPage(
          root,
          { ...params, room, publish },
          {
            drive: ({ mood, ...options }) =>
              openDrive({ ...options, truth: false, ...(mood === 'any' ? {} : { mood }) }),
            camera: () => openCamera(),
            file: (file) => openFile(file, file.name),
          },
        );
  // Left in order, the room need not wait for this page to come back.
  addEventListener('pagehide', () => void page.dispose());
  // For the console and for journeys of tests: breaks the connection as a network would.
  Object.assign(root, { dropConnection: () => page.drop() });
  void page.start();
}

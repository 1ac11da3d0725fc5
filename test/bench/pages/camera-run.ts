/** Cameras of a drive through the product's player and stage, a view each, as the page runs them: masks a second. */
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { openRecordingSource } from '../../../src/sources/recording/recording-source';
import type { ViewReport } from '../../../src/stage/stage-api';
import { linkStage } from '../../../src/stage/stage-link';

/** Sizes of the large picture and of a small one, in pixels. */
const [LARGE, SMALL] = [
  { width: 640, height: 360 },
  { width: 160, height: 90 },
];

/**
 * Masks a second of all cameras together, at the pace of the network.
 * @param clips one for each camera; they are played again and again
 * @param masks how many are waited for
 */
export async function cameraRate(
  clips: readonly Blob[],
  manifest: unknown,
  bytes: ArrayBuffer,
  masks: number,
): Promise<number> {
  const cameras = clips.map((file, n) => ({ name: `camera ${n + 1}`, clips: [{ file, clock: null }] }));
  const source = await openRecordingSource({ kind: 'cameras', cameras, offset: 0, event: null }, 'drive');
  const link = linkStage();
  const canvases = clips.map(() => document.body.appendChild(document.createElement('canvas')));
  let views: readonly ViewReport[] = [];
  let heard: () => void = () => {};
  const until = async (enough: () => boolean): Promise<void> => {
    do
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    while (!enough());
  };
  const total = (): number => views.reduce((sum, { allMasks }) => sum + allMasks, 0);
  try {
    const { api } = link;
    await api.listen((event) => {
      if (event.type !== 'report') return;
      views = event.views;
      heard();
    });
    await api.start({ engine: 'wasm', manyViews: false });
    for (const [n, canvas] of canvases.entries()) {
      const size = n === 0 ? LARGE : SMALL;
      const options = { size, overlay: DEFAULT_VIEW, governed: true };
      await api.addView(`camera ${n}`, canvas.transferControlToOffscreen(), options);
    }
    if (clips.length > 1) await api.focus('camera 0');
    // The bytes are given away; the caller keeps its own.
    await api.loadModel({ kind: 'file', bytes: bytes.slice(0), manifest });
    await source.controls.setLoop?.(true);
    for (const n of clips.keys()) await api.attach(`camera ${n}`, source.handle(n), 'drive');
    // What begins is no pace yet.
    await until(() => views.length === clips.length && views.every(({ allMasks }) => allMasks >= 3));
    const [first, began] = [total(), performance.now()];
    await until(() => total() - first >= masks);
    return (total() - first) / ((performance.now() - began) / 1000);
  } finally {
    await source.dispose();
    link.terminate();
    for (const canvas of canvases) canvas.remove();
  }
}

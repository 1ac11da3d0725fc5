/** The drive on the page: what a recording, or a file beside it, says of it. */
import { expect, test } from 'vitest';
import { CarriagewayError } from '../../../src/errors';
import type { FrameRecord } from '../../../src/jobs/frame-record';
import { CameraModel } from '../../../src/scene/camera-model';
import { presetCamera } from '../../../src/scene/camera-presets';
import { USUAL } from '../../../src/studio/mount/told-mount';
import { take } from '../../../src/studio/session/drop';
import { momentAt, type Track, type TrackPoint } from '../../../src/telemetry/track';
import { requestOf } from '../../fakes/request';
import { drive } from '../../fixtures/telemetry/recorders';
import { enter, openPage, type Page, settled } from './harness';

const POINTS: readonly TrackPoint[] = drive(40).map(({ utc, ...moment }, t) => ({
  ...moment,
  t,
  utc,
  steering: null,
  brake: null,
}));

const TRACK: Track = {
  points: POINTS,
  format: 'gpmf',
  from: '',
  clock: 'file',
  zone: null,
  holes: [],
  derived: ['heading'],
  left: 0,
};

async function openRecording(track: Track | null, tracks: readonly File[] = []): Promise<Page> {
  const page = await openPage();
  page.world.said = { track, unread: [], obscured: [] };
  await page.app.context.sources.open({ ...requestOf(new File(['x'], 'clip.mp4')), tracks });
  await settled();
  return page;
}

test('speed and heading of the moment, in the unit that was chosen', async () => {
  const page = await openRecording(TRACK);
  expect(page.get('track-origin').textContent).toBe('From GoPro (GPMF); heading from the places.');
  page.world.sources.at(-1)!.emit({ type: 'time', seconds: 3, playing: false });
  expect(page.get('hud-speed').textContent).toBe('18');
  expect(page.get('hud-heading').textContent).toBe('90');
  expect(page.get('hud-heading-unit').textContent).toBe('° E');
  page.get('speed-unit-mph').click();
  expect(page.get('hud-speed').textContent).toBe('11');
  expect(page.world.storage.entries.get('carriageway.1.speed-unit')).toBe('"mph"');
  expect(page.find('hud-steering')).toBeNull();
  page.world.sources.at(-1)!.emit({ type: 'time', seconds: 80, playing: false });
  expect(page.get('hud-speed').textContent).toBe('–');
});

test('steering and brake, where they are told', async () => {
  const points = POINTS.map((point) => ({ ...point, steering: -12.4, brake: point.t > 5 }));
  const page = await openRecording({ ...TRACK, points, format: 'tesla' });
  page.world.sources.at(-1)!.emit({ type: 'time', seconds: 10, playing: false });
  expect(page.get('hud-steering').textContent).toBe('-12');
  expect(page.get('hud-brake').textContent).toBe('on');
});

test('the map: a marker follows, a click and the keys of its slider go there', async () => {
  const page = await openRecording(TRACK);
  const map = page.get('track-map');
  const marker = () => page.get('track-marker').getAttribute('transform');
  const before = marker();
  page.world.sources.at(-1)!.emit({ type: 'time', seconds: 20, playing: false });
  expect(marker()).not.toBe(before);
  const box = map.getBoundingClientRect();
  // The drive begins at the left and ends at the right.
  map.dispatchEvent(
    new MouseEvent('click', { bubbles: true, clientX: box.left + 2, clientY: box.bottom - 4 }),
  );
  await settled();
  expect(page.world.sources.at(-1)!.did).toContain('seek 0');
  enter(page.get<HTMLInputElement>('track-slider'), '12.5');
  await settled();
  expect(page.world.sources.at(-1)!.did).toContain('seek 12.5');
  expect(page.get('track-slider').getAttribute('aria-valuetext')).toBe('0:12, 50 km/h, E');
});

test('curves lie on the timeline without an analysis, and go with the recording', async () => {
  const page = await openRecording(TRACK);
  expect(page.get('drive-curves').checkVisibility()).toBe(true);
  expect(page.get('drive-curves').getAttribute('aria-label')).toBe(
    'Curves of the drive: speed, heading; at most 50 km/h',
  );
  page.world.said = { track: null, unread: [], obscured: [] };
  await page.app.context.sources.open({ kind: 'camera', deviceId: null });
  await settled();
  expect(page.find('track')).toBeNull();
  expect(page.find('drive-curves')?.checkVisibility() ?? false).toBe(false);
});

test('files beside the recording: asked for with it, or dropped later; moved by seconds', async () => {
  const gpx = new File(['<gpx/>'], 'drive.gpx');
  const page = await openRecording({ ...TRACK, format: 'gpx', from: 'drive.gpx', clock: 'assumed' }, [gpx]);
  expect(page.world.telemetry[0]).toMatchObject({
    first: 'inside',
    ahead: 0,
    beside: [{ name: 'drive.gpx' }],
  });
  expect(page.find('notice-track-unsure')).not.toBeNull();
  enter(page.get<HTMLInputElement>('track-ahead'), '-2.5');
  await settled();
  expect(page.world.telemetry[1]).toMatchObject({ first: 'beside', ahead: -2.5 });
  await take(page.app.context, [{ path: 'other.nmea', file: new File(['x'], 'other.nmea') }]);
  await settled();
  expect(page.world.telemetry[2]).toMatchObject({
    first: 'beside',
    ahead: 0,
    beside: [{ name: 'other.nmea' }],
  });
});

test('what is told of files that hold no track, without a recording, and of a reader that fails', async () => {
  const page = await openPage();
  page.world.said = { track: null, unread: ['x.gpx'], obscured: ['clip.mp4'] };
  await page.app.context.track.openFiles([new File(['x'], 'x.gpx')]);
  expect(page.find('notice-track-without-recording')).not.toBeNull();
  await page.app.context.sources.open({
    ...requestOf(new File(['x'], 'clip.mp4')),
    tracks: [new File(['x'], 'x.gpx')],
  });
  await settled();
  expect(page.find('notice-track-unread')).not.toBeNull();
  expect(page.get('notice-track-obscured').textContent).toContain('clip.mp4');
  page.world.telemetryFailure = new CarriagewayError('track-failed', 'cut');
  await page.app.context.track.openFiles([new File(['x'], 'y.gpx')]);
  await settled();
  expect(page.find('notice-track-failed')).not.toBeNull();
});

test('a place alone is a place', async () => {
  const point = { ...POINTS[0]!, speed: null, heading: null };
  const page = await openRecording({ ...TRACK, points: [point], format: 'place', derived: [] });
  expect(page.get('track-place').textContent).toBe('Recorded at 52.00000° N, 13.00000° E');
  expect(page.find('track-map')).toBeNull();
});

test('exports have the drive, places only when asked for, and less of it than there is', async () => {
  const page = await openRecording(TRACK);
  const job = async (id: string) => {
    page.get('export').click();
    page.get(id).click();
    await settled();
    await settled();
    const { asked } = page.world.jobs;
    asked.at(-1)!.end({ ok: true, frames: 1, notes: [] });
    await settled();
    return asked.at(-1)!.job;
  };
  const places = (job: unknown): number =>
    (job as { drive: { track: Track } }).drive.track.points.filter(({ latitude }) => latitude !== null)
      .length;
  const plain = await job('export-csv');
  expect(plain).toMatchObject({ kind: 'table', drive: { places: false, burn: false, unit: 'km/h' } });
  expect(places(plain)).toBe(0);
  page.get('export-places').click();
  page.get('export-drive').click();
  enter(page.get<HTMLInputElement>('export-cut'), '60');
  page.get('export-place').click();
  const video = await job('export-mp4');
  expect(video).toMatchObject({ kind: 'video', keepPlace: false, drive: { places: true, burn: true } });
  expect(places(video)).toBeGreaterThan(10);
  expect(places(video)).toBeLessThan(40);
  page.get('export').click();
  page.get('export-gpx').click();
  const [{ blob, name }] = page.world.downloads.slice(-1) as [{ blob: Blob; name: string }];
  expect(name).toBe('clip.gpx');
  expect((await blob.text()).match(/<trkpt/g)).toHaveLength(places(video));
  enter(page.get<HTMLInputElement>('export-cut'), '5000');
  page.get('export-gpx').click();
  expect(page.find('notice-track-nothing-left')).not.toBeNull();
  expect(page.world.downloads).toHaveLength(1);
});

test('the scene is held against the drive, and the height that fits can be taken', async () => {
  const page = await openRecording(TRACK);
  expect(page.find('drive-check')).toBeNull();
  const speed = (t: number): number => momentAt(TRACK, t)?.speed ?? 0;
  let driven = 0;
  const records = Array.from({ length: 400 }, (_, i) => {
    const t = i / 20;
    driven += speed(t) / 20;
    // A thing each 15 m, seen a tenth too far away.
    const obstacles = Array.from({ length: 40 }, (_, id) => ({ id, distance: 1.1 * (15 * id - driven) }));
    const nothing = {
      areas: [1],
      own: null,
      undecided: 0,
      broken: 0,
      drivable: 1,
      decided: 1,
      confidence: 1,
    };
    const things = obstacles
      .filter(({ distance }) => distance > 0)
      .map((thing) => ({ ...thing, classId: 11, box: [0, 0, 0.1, 0.1], inPath: false }));
    const map = { width: 1, height: 1, runs: 'A' };
    return {
      ...nothing,
      n: i,
      t,
      free: null,
      boundary: [],
      obstacles: things,
      events: [],
      agreement: null,
      map,
    };
  });
  const session = page.app.context.store.state.session!;
  session.update({ records: records as never });
  await settled();
  expect(page.get('drive-check').textContent).toMatch(/1\.1\d ± 0\.0\d m .*stand lower than assumed/);
  page.get('drive-check-use').click();
  await settled();
  expect(page.app.context.mount.camera.height).toBeCloseTo(1.35 / 1.1, 1);
});

/** What an analysis keeps of a straight road of seven metres, as a camera held so sees its edges. */
function straightRoad(angles: { readonly pitch: number; readonly yaw: number }, n: number): FrameRecord {
  const [width, height] = [1280, 720];
  const { hfov } = presetCamera(USUAL, width, height);
  const camera = new CameraModel({ height: 1.3, roll: 0, hfov, ...angles }, width, height);
  const edge = (side: 'left' | 'right') => ({
    side,
    kind: 'kerb' as const,
    points: [6, 8, 10, 14, 20, 30].map((z) => {
      const seen = camera.groundToImage({ x: side === 'left' ? -3.5 : 3.5, z })!;
      return [seen.x / width, seen.y / height] as [number, number];
    }),
  });
  return {
    ...{ n, t: n / 10, areas: new Array<number>(12).fill(0), own: 0, undecided: 0, broken: 0 },
    ...{ drivable: 0.4, decided: 0.9, confidence: 0.8, free: null, obstacles: [], events: [] },
    ...{ boundary: [edge('left'), edge('right')], agreement: null, map: { width: 2, height: 1, runs: 'AB' } },
  };
}

test('how the camera looks by the measured heading: told, taken by a button, and then held', async () => {
  const angles = { pitch: 0.09, yaw: -0.05 };
  const page = await openRecording(TRACK);
  page.world.stage.emit({ type: 'picture', key: 'picture', size: { width: 1280, height: 720 } });
  expect(page.find('drive-angles')).toBeNull();
  page.get('analyse').click();
  await settled();
  // The drive is straight and fast from its sixth second to the middle of its forty.
  const records = Array.from({ length: 180 }, (_, n) => straightRoad(angles, n));
  const [job] = page.world.jobs.asked;
  job!.report({ frames: records.length, share: 1, rate: 10, left: 0, records });
  job!.end({ ok: true, frames: records.length, notes: [] });
  await settled();
  expect(page.get('drive-angles').textContent).toContain('5.2');
  page.get('drive-angles-use').click();
  await settled();
  const { camera } = page.app.context.mount;
  expect(camera.pitch).toBeCloseTo(angles.pitch, 2);
  expect(camera.yaw).toBeCloseTo(angles.yaw, 2);
  // The picture’s geometry goes by them from now on, and nothing looks for others.
  expect(page.world.stage.setting('camera')).toMatchObject({ from: camera, calibrate: false });
  expect(page.get('ground-pitch-value').textContent).toMatch(/^5\.[12]/);
  expect(page.find('drive-angles-use')).toBeNull();
  expect([...page.world.storage.entries.keys()].some((name) => name.includes('camera.'))).toBe(true);
});

const town = new File(['map'], 'town.pmtiles');

test('a map under the track: chosen, drawn where the track is, named, and removed', async () => {
  const page = await openRecording(TRACK);
  expect(page.find('map-credit')).toBeNull();
  const input = page.get<HTMLInputElement>('map-input');
  expect(input.accept).toBe('.pmtiles');
  expect(input.getAttribute('aria-label')).toBe('Map for under the track, a .pmtiles file of your own');
  const chosen = new DataTransfer();
  chosen.items.add(town);
  input.files = chosen.files;
  input.dispatchEvent(new Event('change'));
  await settled();
  await settled();
  expect(page.get('map-credit').textContent).toBe('Map: Town · © Someone');
  const [map] = page.world.maps;
  expect(map!.views).toHaveLength(1);
  expect(map!.views[0]).toMatchObject({ theme: 'dark', view: { width: 320, height: 200 } });
  expect(page.get('base-map').hasAttribute('data-drawn')).toBe(true);
  // Time that goes on is no other drawing; another track is.
  page.world.sources.at(-1)!.emit({ type: 'time', seconds: 20, playing: false });
  await settled();
  expect(map!.views).toHaveLength(1);
  const points = POINTS.slice(0, 12);
  page.app.context.store.state.session!.updateTelemetry({ track: { ...TRACK, points } });
  await settled();
  expect(map!.views).toHaveLength(2);
  expect(map!.views[1]!.view.scale).toBeLessThan(map!.views[0]!.view.scale);
  page.get('map-remove').focus();
  page.get('map-remove').click();
  await settled();
  expect(map!.closed).toBe(true);
  expect(page.get('base-map').hasAttribute('data-drawn')).toBe(false);
  expect(document.activeElement).toBe(page.get('map-choose'));
});

test('a map that is dropped, alone or with a recording, stays for the next one', async () => {
  const page = await openPage();
  await take(page.app.context, [{ path: 'town.pmtiles', file: town }]);
  await settled();
  expect(page.find('notice-map-waits')).not.toBeNull();
  page.world.said = { track: TRACK, unread: [], obscured: [] };
  const clip = new File(['x'], 'clip.mp4');
  await take(page.app.context, [
    { path: 'd/clip.mp4', file: clip },
    { path: 'd/other.pmtiles', file: new File(['y'], 'other.pmtiles') },
    { path: 'd/third.pmtiles', file: town },
  ]);
  await settled();
  await settled();
  expect(page.world.maps.map(({ closed }) => closed)).toEqual([true, false]);
  expect(page.app.context.store.state.session!.request).toMatchObject({ kind: 'file', title: 'clip.mp4' });
  expect(page.get('notice-files-left').textContent).toContain('third.pmtiles');
  expect(page.world.maps[1]!.views.length).toBeGreaterThan(0);
});

test('a map that cannot be read, or has nothing there: said, and the track stays', async () => {
  const page = await openRecording(TRACK);
  page.world.mapFailure = new CarriagewayError('map-not-pmtiles', 'SQLi');
  await page.app.context.map.open(town);
  expect(page.find('notice-map-not-pmtiles')).not.toBeNull();
  expect(page.find('map-credit')).toBeNull();
  page.world.mapFailure = null;
  await page.app.context.map.open(town);
  await settled();
  const [map] = page.world.maps;
  map!.failure = new CarriagewayError('map-elsewhere');
  page.app.context.store.state.session!.updateTelemetry({ track: { ...TRACK, points: POINTS.slice(0, 12) } });
  await settled();
  expect(page.find('notice-map-elsewhere')).not.toBeNull();
  expect(page.get('base-map').hasAttribute('data-drawn')).toBe(false);
  expect(page.get('track-map').querySelectorAll('.track-line').length).toBeGreaterThan(0);
  // Another one that fails leaves this one where it is.
  page.world.mapFailure = new CarriagewayError('map-cut', '3 bytes');
  await page.app.context.map.open(town);
  expect(map!.closed).toBe(false);
  expect(page.get('map-credit').textContent).toContain('Town');
});

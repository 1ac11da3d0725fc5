/** Files that are dropped or chosen together, and what they are taken for. */
import { describe, expect, test } from 'vitest';
import { gather } from '../../../src/studio/session/gather';

const filesOf = (...paths: string[]) =>
  paths.map((path) => ({ path, file: new File(['x'], path.slice(path.lastIndexOf('/') + 1)) }));

/** Names of whatever a recording is made of. */
function namesOf(...paths: string[]): unknown {
  const gathered = gather(filesOf(...paths));
  if (gathered?.kind !== 'recording') return gathered?.kind ?? null;
  const { parts, labels, title } = gathered.request;
  const names = (files: readonly Blob[]): string[] => files.map((file) => (file as File).name);
  const made =
    parts.kind === 'cameras'
      ? Object.fromEntries(
          parts.cameras.map(({ name, clips }) => [name, names(clips.map(({ file }) => file))]),
        )
      : parts.kind === 'videos'
        ? { videos: names(parts.videos) }
        : { pictures: parts.kind === 'pictures' ? names(parts.pictures) : [] };
  const beside = labels?.files ?? null;
  const marked =
    beside instanceof Blob
      ? (beside as File).name
      : beside && 'paths' in beside
        ? { loose: beside.paths }
        : (beside?.map((label) => (label ? (label as File).name : null)) ?? null);
  return { ...made, labels: marked, title };
}

describe('one file', () => {
  test.for([
    ['net.onnx', 'network'],
    ['labels.zip', 'labels'],
    ['labels.tar.gz', 'labels'],
  ])('%s: %s', ([name, kind]) => {
    expect(namesOf(name!)).toBe(kind);
  });

  test('of any other kind is tried as a video', () => {
    expect(namesOf('drive.mp4')).toEqual({ videos: ['drive.mp4'], labels: null, title: 'drive.mp4' });
    expect(namesOf('DRIVE.XYZ')).toEqual({ videos: ['DRIVE.XYZ'], labels: null, title: 'DRIVE.XYZ' });
  });

  test('a picture is a set of one', () => {
    expect(namesOf('street.jpg')).toEqual({ pictures: ['street.jpg'], labels: null, title: 'street.jpg' });
  });

  test('nothing is nothing', () => {
    expect(gather([])).toBeNull();
    expect(gather(filesOf('folder/.DS_Store'))).toBeNull();
  });
});

describe('what a server recorded', () => {
  const [van, bus] = ['20260301_101500_123_Van.mkv', '20260301_101500_500_Front.mkv'];
  const masks = ['20260301_101501_000_Van.masks', '20260301_101502_000_Front.masks'];

  test('of several vehicles stands side by side, under their own names, with what was shared as labels', async () => {
    const gathered = gather(filesOf(van!, bus!, ...masks));
    if (gathered?.kind !== 'recording') throw new Error('It is no recording.');
    const { parts, labels, showsLabels } = gathered.request;
    expect(parts).toMatchObject({ kind: 'cameras', cameras: [{ name: 'Front' }, { name: 'Van' }] });
    expect(showsLabels).toBe(true);
    const files = labels?.files;
    expect(files instanceof Blob && (await files.text())).toBe('xx');
  });

  test('of one vehicle keeps its clock where masks are found by it, and is a plain video without any', () => {
    const gathered = gather(filesOf(van!, masks[0]!));
    const clock = Date.UTC(2026, 2, 1, 10, 15, 0, 123);
    expect(gathered).toMatchObject({
      request: { parts: { kind: 'cameras', cameras: [{ name: 'Van', clips: [{ clock }] }] } },
    });
    expect(namesOf(van!)).toMatchObject({ videos: [van], labels: null });
  });

  test('masks alone are labels', () => expect(namesOf(...masks)).toBe('labels'));
});

describe('several videos', () => {
  test('are one drive, in the order of their numbers', () => {
    expect(namesOf('clip10.mp4', 'clip9.mp4', 'clip1.mp4')).toEqual({
      videos: ['clip1.mp4', 'clip9.mp4', 'clip10.mp4'],
      labels: null,
      title: 'clip1.mp4 and 2 more',
    });
  });

  test.for([
    ['20260304_0501_F.mp4', '20260304_0501_R.mp4'],
    ['drive-front.mov', 'drive-rear.mov'],
    ['front.mp4', 'back.mp4'],
  ])('%s and %s are two cameras', ([front, rear]) => {
    expect(namesOf(rear!, front!)).toMatchObject({ front: [front], rear: [rear] });
  });

  test('of which one says nothing of a camera are one drive', () => {
    expect(namesOf('a_F.mp4', 'a_R.mp4', 'other.mp4')).toMatchObject({
      videos: ['a_F.mp4', 'a_R.mp4', 'other.mp4'],
    });
  });

  test('with an archive beside them have it as labels', () => {
    expect(namesOf('clip.mp4', 'clip-masks.zip')).toMatchObject({
      videos: ['clip.mp4'],
      labels: 'clip-masks.zip',
    });
  });
});

describe('what is read and what is not', () => {
  test('videos of other names are videos; those that nothing reads are named', () => {
    const gathered = gather(
      filesOf('DCIM/A.3GP', 'DCIM/b.avi', 'DCIM/c.MPG', 'DCIM/d.insv', 'DCIM/note.txt'),
    );
    expect(gathered).toMatchObject({
      kind: 'recording',
      left: [
        { path: 'DCIM/b.avi', why: expect.stringContaining('not read') },
        { path: 'DCIM/c.MPG', why: expect.stringContaining('not read') },
      ],
    });
    expect(namesOf('A.3GP', 'b.avi', 'd.insv')).toMatchObject({ videos: ['A.3GP', 'd.insv'] });
  });

  test('tracks of other forms, and logs with the name of a video, are tried as its track', () => {
    const gathered = gather(filesOf('a/DRV_0001.mp4', 'a/DRV_0001.LOG', 'a/setup.log', 'a/way.kml'));
    const tracks = gathered?.kind === 'recording' ? gathered.request.tracks : [];
    expect(tracks?.map(({ name }) => name)).toEqual(['DRV_0001.LOG', 'way.kml']);
    expect(gather(filesOf('way.kml'))).toMatchObject({ kind: 'tracks' });
  });

  test('several of which nothing is known are all tried', () => {
    expect(namesOf('x.bin', 'y.bin')).toMatchObject({
      videos: ['x.bin', 'y.bin'],
      title: 'x.bin and 1 more',
    });
  });

  test('labels with what explains them are labels', () => {
    expect(namesOf('masks.zip', 'readme.txt')).toBe('labels');
  });

  test('an archive or a COCO file beside pictures has their labels', () => {
    expect(namesOf('set/a.jpg', 'set/b.jpg', 'set/instances_val.json')).toMatchObject({
      labels: 'instances_val.json',
    });
    expect(namesOf('set/a.jpg', 'set/labels.zip')).toMatchObject({ labels: 'labels.zip' });
    expect(namesOf('set/images/a.jpg', 'set/labels/a.png', 'set/instances.json')).toMatchObject({
      labels: ['a.png'],
    });
  });
});

describe('pictures of known data sets', () => {
  const hintOf = (...paths: string[]) => {
    const gathered = gather(filesOf(...paths));
    return gathered?.kind === 'recording' ? (gathered.request.labels?.hint ?? null) : null;
  };

  test('Cityscapes: numbers before train numbers before colours; instances and polygons are no labels', () => {
    const name = (kind: string) => `cs/gtFine/val/ulm/ulm_000000_000019_gtFine_${kind}`;
    const paths = [
      'cs/leftImg8bit/val/ulm/ulm_000000_000019_leftImg8bit.png',
      ...['color.png', 'instanceIds.png', 'labelIds.png', 'labelTrainIds.png', 'polygons.json'].map(name),
    ];
    expect(namesOf(...paths)).toMatchObject({
      pictures: ['ulm_000000_000019_leftImg8bit.png'],
      labels: ['ulm_000000_000019_gtFine_labelIds.png'],
    });
    expect(hintOf(...paths)).toBe('cityscapes-ids');
    const without = paths.filter((path) => !path.includes('labelIds'));
    expect(namesOf(...without)).toMatchObject({ labels: ['ulm_000000_000019_gtFine_labelTrainIds.png'] });
    expect(hintOf(...without)).toBe('cityscapes-train-ids');
  });

  test.for([
    ['bdd/images/val/7d2f-0001.jpg', 'bdd/seg/labels/val/7d2f-0001_train_id.png', 'cityscapes-train-ids'],
    [
      'bdd/images/val/7d2f-0001.jpg',
      'bdd/seg/color_labels/val/7d2f-0001_train_color.png',
      'cityscapes-colours',
    ],
    ['k/training/image_2/000000_10.png', 'k/training/semantic/000000_10.png', 'cityscapes-ids'],
    ['k/training/image_2/000000_10.png', 'k/training/semantic_rgb/000000_10.png', 'cityscapes-colours'],
    [
      'c/701_StillsRaw_full/0001TP_006690.png',
      'c/LabeledApproved_full/0001TP_006690_L.png',
      'camvid-colours',
    ],
    ['s/train/0001TP_006690.png', 's/trainannot/0001TP_006690.png', 'camvid-numbers'],
    ['m/training/images/x.jpg', 'm/training/labels/x.png', null],
  ] as const)('%s with %s', ([picture, label, hint]) => {
    const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
    expect(namesOf(picture, label)).toMatchObject({ pictures: [name(picture)], labels: [name(label)] });
    expect(hintOf(picture, label)).toBe(hint);
  });

  test('the same names in two folders: each has the labels that lie nearest', () => {
    const gathered = gather(
      filesOf('d/images/train/a.jpg', 'd/images/val/a.jpg', 'd/labels/train/a.png', 'd/labels/val/a.png'),
    );
    expect(gathered?.kind === 'recording' && gathered.request.labels?.files).toHaveLength(2);
  });
});

describe('pictures', () => {
  test('find their labels by folder', () => {
    expect(
      namesOf(
        'set/images/b.jpg',
        'set/images/a.jpg',
        'set/labels/a.png',
        'set/labels/c.png',
        'set/readme.txt',
      ),
    ).toEqual({ pictures: ['a.jpg', 'b.jpg'], labels: ['a.png', null], title: 'set' });
  });

  test('find their labels by ending', () => {
    expect(namesOf('s/0001.png', 's/0001_label.png', 's/0002.png', 's/0002_L.png')).toEqual({
      pictures: ['0001.png', '0002.png'],
      labels: ['0001_label.png', '0002_L.png'],
      title: 's',
    });
  });

  test('without labels have none, and labels alone are looked at', () => {
    expect(namesOf('a.png', 'b.png')).toEqual({
      pictures: ['a.png', 'b.png'],
      labels: null,
      title: '2 pictures',
    });
    expect(namesOf('labels/a.png', 'labels/b.png')).toMatchObject({ pictures: ['a.png', 'b.png'] });
  });
});

describe('what is left out is named', () => {
  const leftOf = (...paths: string[]): string[] => {
    const gathered = gather(filesOf(...paths));
    return gathered?.kind === 'recording' ? gathered.left.map(({ path }) => path) : [];
  };

  test('labels as JPEG are neither labels nor pictures; a folder of pictures called so stays one', () => {
    const paths = ['set/images/a.jpg', 'set/images/b.jpg', 'set/masks/a.jpg', 'set/masks/b.jpg'];
    expect(leftOf(...paths)).toEqual(['set/masks/a.jpg', 'set/masks/b.jpg']);
    expect(namesOf(...paths)).toMatchObject({ pictures: ['a.jpg', 'b.jpg'], labels: null });
    expect(namesOf('set/masks/a.jpg', 'set/masks/b.jpg')).toMatchObject({ pictures: ['a.jpg', 'b.jpg'] });
    expect(leftOf('night_l.jpg', 'day.jpg')).toEqual([]);
  });

  test('archives that nothing unpacks', () => {
    const gathered = gather(filesOf('set/a.jpg', 'set/labels.7z'));
    expect(gathered).toMatchObject({ left: [{ path: 'set/labels.7z' }] });
  });

  test('labels in words beside each picture', () => {
    const gathered = gather(
      filesOf('set/a.jpg', 'set/a.json', 'set/b.jpg', 'set/Annotations/b.xml', 'set/c.json'),
    );
    expect(gathered).toMatchObject({
      left: [{ path: 'set/a.json' }, { path: 'set/Annotations/b.xml' }, { path: 'set/c.json' }],
    });
  });

  test('photographs that browsers do not read', () => {
    expect(leftOf('IMG_1.HEIC', 'IMG_2.jpg', 'IMG_3.tif')).toEqual(['IMG_1.HEIC', 'IMG_3.tif']);
  });

  test('photographs among videos, but not what recorders keep beside them', () => {
    expect(
      leftOf('DCIM/GX010042.MP4', 'DCIM/GX010042.THM', 'DCIM/GX010042.jpg', 'DCIM/GOPR0043.JPG'),
    ).toEqual(['DCIM/GOPR0043.JPG']);
    expect(leftOf('GX010042.MP4', 'GL010042.LRV')).toEqual(['GL010042.LRV']);
  });
});

test('labels whose names keep the ending of their picture are its labels', () => {
  expect(namesOf('s/images/a.jpg', 's/images/b.jpg', 's/masks_machine/b.jpg.png')).toMatchObject({
    pictures: ['a.jpg', 'b.jpg'],
    labels: [null, 'b.jpg.png'],
  });
});

describe('labels that say themselves what they are of', () => {
  /** What is left out of a folder, and why. */
  const leftOf = (...paths: string[]): readonly string[] => {
    const gathered = gather(filesOf(...paths));
    return gathered?.kind === 'recording' ? gathered.left.map(({ path, why }) => `${path}: ${why}`) : [];
  };
  const brushes = [1, 2].map((n) => `set/task-${n}-annotation-3-by-1-tag-Road-0.png`);

  test('Label Studio’s pictures of tags are no pictures of the set', () => {
    expect(namesOf('set/a.jpg', 'set/b.jpg', ...brushes)).toEqual({
      pictures: ['a.jpg', 'b.jpg'],
      labels: { loose: brushes },
      title: 'set',
    });
    expect(namesOf(...brushes)).toBe('labels');
    expect(namesOf('set/drive.mp4', ...brushes)).toMatchObject({ labels: { loose: brushes } });
    expect(leftOf('set/drive.mp4', ...brushes)).toEqual([]);
  });

  test('COCO’s panoptic pictures with their JSON; without it, or beside better ones, they are none', () => {
    const coco = ['set/annotations/panoptic_val/a.png', 'set/annotations/panoptic_val.json'];
    expect(namesOf('set/val/a.jpg', ...coco)).toEqual({
      pictures: ['a.jpg'],
      labels: { loose: ['set/annotations/panoptic_val.json', 'set/annotations/panoptic_val/a.png'] },
      title: 'set',
    });
    expect(namesOf('set/val/a.jpg', coco[0]!)).toMatchObject({ pictures: ['a.jpg'], labels: null });
    expect(leftOf('set/val/a.jpg', coco[0]!)).toEqual([
      `${coco[0]}: the JSON that says what its segments are is missing`,
    ]);
    const city = ['leftImg8bit', 'gtFine_panoptic', 'gtFine_labelIds'].map((kind) => `c/a_1_${kind}.png`);
    expect(namesOf(...city, 'c/panoptic.json')).toMatchObject({ labels: ['a_1_gtFine_labelIds.png'] });
  });

  test('maps of things are labels where there are none of classes', () => {
    expect(namesOf('c/a_1_leftImg8bit.png', 'c/a_1_gtFine_instanceIds.png')).toMatchObject({
      pictures: ['a_1_leftImg8bit.png'],
      labels: ['a_1_gtFine_instanceIds.png'],
    });
    const gathered = gather(filesOf('k/image_2/0_10.png', 'k/instance/0_10.png'));
    expect(gathered).toMatchObject({
      request: { labels: { instances: 'times-256', hint: 'cityscapes-ids' } },
    });
  });

  test('JSON beside pictures that nobody reads is named', () => {
    expect(leftOf('n/samples/a.jpg', 'n/v1.0-mini/object_ann.json')).toEqual([
      'n/v1.0-mini/object_ann.json: its name does not say that it holds labels',
    ]);
    expect(leftOf('n/a.jpg', 'n/instances.json')).toEqual([]);
  });

  test('of two Mapillary configs the one of the labels’ version', () => {
    const about = (version: string): readonly string[] => {
      const paths = [
        'm/images/a.jpg',
        `m/${version}/labels/a.png`,
        'm/config_v1.2.json',
        'm/config_v2.0.json',
      ];
      const gathered = gather(filesOf(...paths));
      const labels = gathered?.kind === 'recording' ? gathered.request.labels : null;
      return labels?.about.map((file) => (file as File).name) ?? [];
    };
    expect(about('v2.0')).toEqual(['config_v2.0.json']);
    expect(about('v1.2')).toEqual(['config_v1.2.json']);
    expect(about('mine')).toEqual(['config_v1.2.json', 'config_v2.0.json']);
  });
});

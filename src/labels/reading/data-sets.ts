/**
 * Numbers and colours of known data sets, each with the class of ours that it means: null where ours has none, which is
 * then unlabelled. Sources: Cityscapes (`cityscapesscripts/helpers/labels.py`), whose numbers and colours BDD100K and
 * KITTI share; CamVid (label colours of Brostow et al. 2009, and the twelve numbers of SegNet's copy); CARLA 0.9.14 and
 * later (`ObjectLabel.h`). Others are in `driving-sets.ts`.
 */

/** One row of Cityscapes: name, id, train id (255 for none), colour, class of ours. */
type CityscapesRow = readonly [
  name: string,
  id: number,
  trainId: number,
  colour: number,
  ours: string | null,
];

export const CITYSCAPES: readonly CityscapesRow[] = [
  ['unlabeled', 0, 255, 0x000000, null],
  ['ego vehicle', 1, 255, 0x000000, 'own car'],
  ['rectification border', 2, 255, 0x000000, null],
  ['out of roi', 3, 255, 0x000000, null],
  ['static', 4, 255, 0x000000, null],
  ['dynamic', 5, 255, 0x6f4a00, null],
  ['ground', 6, 255, 0x510051, null],
  ['road', 7, 0, 0x804080, 'road'],
  ['sidewalk', 8, 1, 0xf423e8, 'sidewalk'],
  ['parking', 9, 255, 0xfaaaa0, null],
  ['rail track', 10, 255, 0xe6968c, null],
  ['building', 11, 2, 0x464646, 'building'],
  ['wall', 12, 3, 0x66669c, 'building'],
  ['fence', 13, 4, 0xbe9999, 'fence'],
  ['guard rail', 14, 255, 0xb4a5b4, 'fence'],
  ['bridge', 15, 255, 0x966464, 'building'],
  ['tunnel', 16, 255, 0x96785a, 'building'],
  ['pole', 17, 5, 0x999999, 'pole'],
  ['polegroup', 18, 255, 0x999999, 'pole'],
  ['traffic light', 19, 6, 0xfaaa1e, 'sign'],
  ['traffic sign', 20, 7, 0xdcdc00, 'sign'],
  ['vegetation', 21, 8, 0x6b8e23, 'vegetation'],
  ['terrain', 22, 9, 0x98fb98, 'vegetation'],
  ['sky', 23, 10, 0x4682b4, 'sky'],
  ['person', 24, 11, 0xdc143c, 'person'],
  ['rider', 25, 12, 0xff0000, 'cyclist'],
  ['car', 26, 13, 0x00008e, 'vehicle'],
  ['truck', 27, 14, 0x000046, 'vehicle'],
  ['bus', 28, 15, 0x003c64, 'vehicle'],
  ['caravan', 29, 255, 0x00005a, 'vehicle'],
  ['trailer', 30, 255, 0x00006e, 'vehicle'],
  ['train', 31, 16, 0x005064, 'vehicle'],
  ['motorcycle', 32, 17, 0x0000e6, 'cyclist'],
  ['bicycle', 33, 18, 0x770b20, 'cyclist'],
];

/**
 * Name, number or colour, class of ours; undefined where it is something of which ours has no class, and which must not
 * stay out of what is scored either: somebody is asked.
 */
export type Row = readonly [name: string, value: number, ours: string | null | undefined];

export const CAMVID_COLOURS: readonly Row[] = [
  ['Animal', 0x408040, null],
  ['Archway', 0xc00080, 'building'],
  ['Bicyclist', 0x0080c0, 'cyclist'],
  ['Bridge', 0x008040, 'building'],
  ['Building', 0x800000, 'building'],
  ['Car', 0x400080, 'vehicle'],
  ['CartLuggagePram', 0x4000c0, null],
  ['Child', 0xc08040, 'person'],
  ['Column_Pole', 0xc0c080, 'pole'],
  ['Fence', 0x404080, 'fence'],
  ['LaneMkgsDriv', 0x8000c0, 'lane marking'],
  ['LaneMkgsNonDriv', 0xc00040, 'lane marking'],
  ['Misc_Text', 0x808040, 'sign'],
  ['MotorcycleScooter', 0xc000c0, 'cyclist'],
  ['OtherMoving', 0x804040, null],
  ['ParkingBlock', 0x40c080, 'fence'],
  ['Pedestrian', 0x404000, 'person'],
  ['Road', 0x804080, 'road'],
  ['RoadShoulder', 0x8080c0, 'road'],
  ['Sidewalk', 0x0000c0, 'sidewalk'],
  ['SignSymbol', 0xc08080, 'sign'],
  ['Sky', 0x808080, 'sky'],
  ['SUVPickupTruck', 0x4080c0, 'vehicle'],
  ['TrafficCone', 0x000040, null],
  ['TrafficLight', 0x004040, 'sign'],
  ['Train', 0xc04080, 'vehicle'],
  ['Tree', 0x808000, 'vegetation'],
  ['Truck_Bus', 0xc080c0, 'vehicle'],
  ['Tunnel', 0x400040, 'building'],
  ['VegetationMisc', 0xc0c000, 'vegetation'],
  ['Void', 0x000000, null],
  ['Wall', 0x40c000, 'building'],
];

export const CAMVID_NUMBERS: readonly Row[] = [
  ['Sky', 0, 'sky'],
  ['Building', 1, 'building'],
  ['Pole', 2, 'pole'],
  ['Road', 3, 'road'],
  ['Pavement', 4, 'sidewalk'],
  ['Tree', 5, 'vegetation'],
  ['SignSymbol', 6, 'sign'],
  ['Fence', 7, 'fence'],
  ['Car', 8, 'vehicle'],
  ['Pedestrian', 9, 'person'],
  ['Bicyclist', 10, 'cyclist'],
  ['Unlabelled', 11, null],
];

export const CARLA_NUMBERS: readonly Row[] = [
  ['Unlabeled', 0, null],
  ['Roads', 1, 'road'],
  ['SideWalks', 2, 'sidewalk'],
  ['Building', 3, 'building'],
  ['Wall', 4, 'building'],
  ['Fence', 5, 'fence'],
  ['Pole', 6, 'pole'],
  ['TrafficLight', 7, 'sign'],
  ['TrafficSign', 8, 'sign'],
  ['Vegetation', 9, 'vegetation'],
  ['Terrain', 10, 'vegetation'],
  ['Sky', 11, 'sky'],
  ['Pedestrian', 12, 'person'],
  ['Rider', 13, 'cyclist'],
  ['Car', 14, 'vehicle'],
  ['Truck', 15, 'vehicle'],
  ['Bus', 16, 'vehicle'],
  ['Train', 17, 'vehicle'],
  ['Motorcycle', 18, 'cyclist'],
  ['Bicycle', 19, 'cyclist'],
  ['Static', 20, null],
  ['Dynamic', 21, null],
  ['Other', 22, null],
  ['Water', 23, null],
  ['RoadLine', 24, 'lane marking'],
  ['Ground', 25, null],
  ['Bridge', 26, 'building'],
  ['RailTrack', 27, null],
  ['GuardRail', 28, 'fence'],
];

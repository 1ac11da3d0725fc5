/**
 * Maps whose numbers tell things apart, of which the class is a part. Sources: Cityscapes (`createLabels`, `instanceIds`: id ×
 * 1000 + n where there are several), KITTI's semantics and Mapillary Vistas (class × 256 + n), BDD100K's bitmasks (class in
 * the red channel, the others say which thing it is), ADE20K (class in red and green: r / 10 × 256 + g).
 */
import { type LabelPicture, OPEN_PIXEL } from '../png';

/** How the class stands in a number or a colour. */
export type InstanceCode = 'thousands' | 'times-256' | 'red' | 'ade20k';

const KINDS: Readonly<Record<InstanceCode, LabelPicture['kind']>> = {
  thousands: 'numbers',
  'times-256': 'numbers',
  red: 'colours',
  ade20k: 'colours',
};

const CLASS: Readonly<Record<InstanceCode, (value: number) => number>> = {
  // The number below nought, as 16 bits have it, is that of license plates.
  thousands: (value) => (value < 1000 || value === 0xffff ? value : Math.floor(value / 1000)),
  'times-256': (value) => value >> 8,
  red: (value) => value >> 16,
  ade20k: (value) => Math.floor((value >> 16) / 10) * 256 + ((value >> 8) & 0xff),
};

/** The classes of such a map; as it is where it is of another kind than that. */
export function classesOf(picture: LabelPicture, code: InstanceCode): LabelPicture {
  if (picture.kind !== KINDS[code]) return picture;
  const classOf = CLASS[code];
  const values = new Uint32Array(picture.values.length);
  for (const [i, value] of picture.values.entries())
    values[i] = value === OPEN_PIXEL ? OPEN_PIXEL : classOf(value);
  return { ...picture, kind: 'numbers', values, palette: null };
}

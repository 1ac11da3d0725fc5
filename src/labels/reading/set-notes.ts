/**
 * Files beside labels that say what colours and numbers mean: CVAT's and Datumaro's `labelmap.txt`, CamVid's
 * `label_colors.txt` and the `class_dict.csv` of its copies, labelme's `class_names.txt`, Roboflow's `_classes.csv`,
 * ADE20K's `objectInfo150.txt`, Mapillary's `config.json`, A2D2's `class_list.json`, Supervisely's colours of machine masks.
 */
import { z } from '../../schema';
import type { LabelPicture } from '../png';

/** What such a file says. */
export interface SetNotes {
  readonly title: string;
  readonly kind: LabelPicture['kind'];
  readonly named: readonly { readonly value: number; readonly name: string }[];
  /** Whether the n-th name is that of the number n, too, in maps without colours (Mapillary's). */
  readonly ordered?: true;
}

/** Most names that are taken. */
const NAMES_MAX = 1024;

const channel = z.int().min(0).max(255);
const mapillary = z.looseObject({
  labels: z
    .array(z.looseObject({ name: z.string().max(200), color: z.tuple([channel, channel, channel]) }))
    .min(2)
    .max(NAMES_MAX),
});

/** `{"#ff00ff": "RD normal street"}` (A2D2). */
const byColour = z.record(z.string().regex(/^#[0-9a-f]{6}$/i), z.string().max(200));
/** `{"road": [1, 1, 1]}` (Supervisely). */
const byName = z.record(z.string().max(200), z.tuple([channel, channel, channel]));

/** Reads a file beside labels; null when it says nothing of them. @param stem its name without the ending */
export function readSetNotes(stem: string, text: string): SetNotes | null {
  if (/^\s*\{/.test(text)) return fromJson(stem, text);
  const lines = text.split(/\r?\n/).slice(0, NAMES_MAX + 8);
  // `road:128,64,128::`, and a first line of what each part is.
  const colons = lines.flatMap((line) => {
    const found = /^([^#:]+):\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?::|$)/.exec(line.trim());
    return found ? [{ name: found[1]!.trim(), value: packed(found.slice(2, 5)) }] : [];
  });
  if (colons.length >= 2) return { title: `${stem}.txt`, kind: 'colours', named: colons };
  // `Animal,64,128,64`, below a line of headings.
  const rows = lines.flatMap((line) => {
    const found = /^([^,;"]+)[,;]\s*(\d{1,3})\s*[,;]\s*(\d{1,3})\s*[,;]\s*(\d{1,3})\s*$/.exec(line.trim());
    return found ? [{ name: found[1]!.trim(), value: packed(found.slice(2, 5)) }] : [];
  });
  if (rows.length >= 2) return { title: `${stem}.csv`, kind: 'colours', named: rows };
  // `0, background`, below `Pixel Value, Class`.
  const numbered = lines.flatMap((line) => {
    const found = /^(\d{1,3})\s*[,;]\s*([^\d,;][^,;]*)$/.exec(line.trim());
    return found ? [{ name: found[2]!.trim(), value: Number(found[1]) }] : [];
  });
  if (numbered.length >= 2) return { title: `${stem}.csv`, kind: 'numbers', named: numbered };
  // `7	0.0980	14361	…	road, route`, ADE20K's.
  const ranked = lines.flatMap((line) => {
    const found = /^(\d{1,3})\t\s*0?\.\d+\t.*\t\s*([^\t\d][^\t]*)$/.exec(line.trim());
    return found ? [{ name: found[2]!.trim(), value: Number(found[1]) }] : [];
  });
  if (ranked.length >= 2)
    return { title: `${stem}.txt`, kind: 'numbers', named: [{ name: 'unlabelled', value: 0 }, ...ranked] };
  // `64 128 64	Animal`.
  const columns = lines.flatMap((line) => {
    const found = /^(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s+(\S.*)$/.exec(line.trim());
    return found ? [{ name: found[4]!.trim(), value: packed(found.slice(1, 4)) }] : [];
  });
  if (columns.length >= 2) return { title: `${stem}.txt`, kind: 'colours', named: columns };
  return /^(class_names|classes|labels)$/i.test(stem) ? namesByLine(stem, lines) : null;
}

/** Names alone, each with the number of its line; labelme's begin with what is ignored, which has none. */
function namesByLine(stem: string, lines: readonly string[]): SetNotes | null {
  const names = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (names.length < 2 || names.some((name) => name.length > 60 || /[,;:\t]/.test(name))) return null;
  const ignores = names[0] === '__ignore__';
  const named = names.map((name, n) => ({ name, value: ignores ? (n === 0 ? 255 : n - 1) : n }));
  return { title: `${stem}.txt`, kind: 'numbers', named };
}

function fromJson(stem: string, text: string): SetNotes | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const config = mapillary.safeParse(value);
  if (config.success)
    return {
      title: 'Mapillary’s config',
      kind: 'colours',
      ordered: true,
      named: config.data.labels.map(({ name, color }) => ({ name, value: packed(color) })),
    };
  const title = `${stem}.json`;
  const hexes = byColour.safeParse(value);
  if (hexes.success) return several(title, namesOf(hexes.data));
  const named = byName.safeParse(value);
  if (!named.success) return null;
  const colours = Object.entries(named.data).map(([name, colour]) => ({ name, value: packed(colour) }));
  // Where nothing was drawn its machine masks are black.
  return several(title, [...colours, { name: 'unlabelled', value: 0 }]);
}

function namesOf(byHex: Readonly<Record<string, string>>): SetNotes['named'] {
  return Object.entries(byHex).map(([hex, name]) => ({ name, value: Number.parseInt(hex.slice(1), 16) }));
}

/** Colours of a few classes; null where there are none, or too many. */
function several(title: string, named: SetNotes['named']): SetNotes | null {
  return named.length >= 2 && named.length <= NAMES_MAX ? { title, kind: 'colours', named } : null;
}

function packed(channels: readonly (string | number)[]): number {
  return channels.reduce<number>((value, c) => value * 256 + Math.min(255, Number(c)), 0);
}

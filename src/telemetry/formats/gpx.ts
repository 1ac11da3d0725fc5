/**
 * GPX 1.0 and 1.1 (topografix.com/GPX/1/1): points of tracks, in the order of the file; where it has none, points of routes
 * and marks that say when they were passed. Workers have no parser for XML, and all that is needed of it are some elements
 * and two attributes, so the text is gone through tag by tag; comments and sections of other text are no points. Names
 * count in any case, which XML does not allow and programs write. Times are UTC unless they name a zone (xsd:dateTime),
 * speeds metres a second (GPX 1.0, and the extensions of 1.1), courses degrees from true north.
 */
import { middleOf } from '../../media/middle';
import { metresBetween } from '../geo';
import { FIXES_MAX, type Fix, KNOT, momentOf, NO_FIX, numberOf, type Reading } from '../reading';

/** A comment, a section of text, or a tag. Each is bounded: a text that never closes one costs no more than its length. */
const TAG =
  /<!--|<!\[CDATA\[|<(\/?)([\w.-]+:)?([\w.-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]{0,4000}"|'[^'<]{0,4000}'))*)\s*(\/?)>/g;

/** Text that is taken as it stands. */
const CDATA = '<![CDATA[';

/** A plan of a drive, or marks on a map, until they say when somebody was there. */
const PLANNED = new Set(['rtept', 'wpt']);

/** What is taken from inside a point. */
const INSIDE = new Set(['time', 'speed', 'course', 'heading', 'bearing']);

/** Letters in which the first tag is looked for. */
const HEAD = 65_536;

/** Units that programs write speeds in all the same, in metres a second. */
const UNITS = [1, 1 / 3.6, 1609.344 / 3600, KNOT] as const;

/** How near a unit has to be, as a share, and of how many stretches of driving it has to be the unit. */
const UNIT_SHARE = 0.1;
const UNIT_STRETCHES = 8;

/** Stretches between two points that tell a speed: at least so many metres, at most so many seconds. */
const STRETCH = { metres: 5, seconds: 5 } as const;

/** Reads text; null when it is no GPX or has no point. */
export function readGpx(text: string): Reading | null {
  if (!/<(?:[\w.-]+:)?gpx[\s>]/i.test(text.slice(0, HEAD))) return null;
  const fixes: Fix[] = [];
  const passed: Fix[] = [];
  let damaged = 0;
  let point: { latitude: number | null; longitude: number | null; said: Map<string, string> } | null = null;
  TAG.lastIndex = 0;
  for (let match = TAG.exec(text); match && fixes.length < FIXES_MAX; match = TAG.exec(text)) {
    const closing = match[0] === '<!--' ? '-->' : match[0] === '<![CDATA[' ? ']]>' : null;
    if (closing) {
      const end = text.indexOf(closing, TAG.lastIndex);
      if (end < 0) break;
      TAG.lastIndex = end + closing.length;
      continue;
    }
    const [, ending, , written, attributes, empty] = match;
    const name = written!.toLowerCase();
    const planned = PLANNED.has(name);
    if (name === 'trkpt' || planned) {
      if (ending || empty) {
        const done = empty ? opened(attributes!) : point;
        const fix = done && fixOf(done);
        if (planned) {
          if (fix && fix.clock !== null && passed.length < FIXES_MAX) passed.push(fix);
        } else if (fix) fixes.push(fix);
        else damaged++;
        point = null;
      } else {
        // One that was not closed is cut: it is still a place.
        if (point) damaged++;
        point = opened(attributes!);
      }
    } else if (point && !ending && !empty && INSIDE.has(name)) {
      const from = text.startsWith(CDATA, TAG.lastIndex) ? TAG.lastIndex + CDATA.length : TAG.lastIndex;
      const end = text.indexOf(from === TAG.lastIndex ? '<' : ']]>', from);
      // The first one counts: extensions repeat them, or call something else a time.
      if (end >= 0 && end - from < 80 && !point.said.has(name)) {
        const said = text.slice(from, end).trim();
        if (name === 'time' && clockOf(said) === null) continue;
        const unit = name === 'speed' ? inUnit(attributes!) : 1;
        point.said.set(name, unit === 1 ? said : String((numberOf(said) ?? Number.NaN) * unit));
      }
    }
  }
  const all = fixes.length > 0 ? fixes : passed;
  if (all.length === 0) return null;
  const unit = unitOf(all);
  const told = unit === 1 ? all : all.map((fix) => ({ ...fix, speed: fix.speed && fix.speed * unit }));
  return { format: 'gpx', fixes: told, clock: 'utc', zone: null, damaged };
}

/**
 * The unit that speeds are written in: metres a second, as the format has it, unless the places say that it is another one
 * throughout.
 */
function unitOf(fixes: readonly Fix[]): number {
  const ratios = fixes.slice(1).flatMap((fix, i) => {
    const before = fixes[i]!;
    const seconds = ((fix.clock ?? Number.NaN) - (before.clock ?? Number.NaN)) / 1000;
    if (!(seconds > 0) || seconds > STRETCH.seconds || !fix.speed || !before.speed) return [];
    const metres = metresBetween(
      { latitude: before.latitude!, longitude: before.longitude! },
      { latitude: fix.latitude!, longitude: fix.longitude! },
    );
    return metres < STRETCH.metres ? [] : [metres / seconds / ((fix.speed + before.speed) / 2)];
  });
  if (ratios.length < UNIT_STRETCHES) return 1;
  const middle = middleOf(ratios)!;
  return UNITS.find((unit) => Math.abs(middle / unit - 1) < UNIT_SHARE) ?? 1;
}

/** Units that an attribute names, in metres a second. */
const NAMED_UNITS: Readonly<Record<string, number>> = {
  ...{ 'km/h': UNITS[1], kmh: UNITS[1], kph: UNITS[1], kmph: UNITS[1] },
  ...{ mph: UNITS[2], 'mi/h': UNITS[2], kn: KNOT, kt: KNOT, kts: KNOT, knots: KNOT },
};

/** What a unit that is named beside a speed makes of it. */
function inUnit(attributes: string): number {
  const named = /(?:^|\s)units?\s*=\s*["']([^"']*)["']/i.exec(attributes)?.[1]?.toLowerCase().trim();
  return named === undefined ? 1 : (NAMED_UNITS[named] ?? 1);
}

/** Attributes of a place; some programs write them in full. */
const LATITUDE = /(?:^|\s)lat(?:itude)?\s*=\s*["']([^"']*)["']/i;
const LONGITUDE = /(?:^|\s)(?:lon|lng|long|longitude)\s*=\s*["']([^"']*)["']/i;

function opened(attributes: string): {
  latitude: number | null;
  longitude: number | null;
  said: Map<string, string>;
} {
  const value = (name: RegExp): number | null => numberOf(name.exec(attributes)?.[1]);
  return { latitude: value(LATITUDE), longitude: value(LONGITUDE), said: new Map() };
}

function fixOf({
  latitude,
  longitude,
  said,
}: {
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly said: ReadonlyMap<string, string>;
}): Fix | null {
  if (latitude === null || longitude === null) return null;
  return {
    ...NO_FIX,
    clock: clockOf(said.get('time')),
    latitude,
    longitude,
    speed: numberOf(said.get('speed')),
    heading: numberOf(said.get('course') ?? said.get('heading') ?? said.get('bearing')),
  };
}

/** A date and a time as xsd:dateTime has them, and as programs write them that take it lightly. */
const TIME =
  /^(\d{4})([-/.]?)(\d\d)\2(\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d(?:[.,]\d{1,20})?))?\s*(?:Z|UTC|GMT)?\s*(?:([+-])(\d\d)(?::?(\d\d))?)?$/i;

/** Milliseconds since 1970 of a time; one without a zone is UTC, as GPX says. */
function clockOf(text: string | undefined): number | null {
  const match = TIME.exec(text?.replaceAll('&#43;', '+') ?? '');
  if (!match) return null;
  const [year, month, day, hour, minute] = [1, 3, 4, 5, 6].map((i) => Number(match[i]));
  const [, , , , , , , second = '0', sign, hours = '0', minutes = '0'] = match;
  const ms = momentOf(year!, month!, day!, hour!, minute!, Number(second.replace(',', '.')));
  if (ms === null || Number(hours) > 14 || Number(minutes) > 59) return null;
  return ms - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/**
 * GPX 1.0 and 1.1 (topografix.com/GPX/1/1): points of tracks, in the order of the file. Workers have no parser for XML,
 * and all that is needed of it are four elements and two attributes, so the text is gone through tag by tag; entities,
 * comments and sections of other text are no points. Times are UTC unless they name a zone (xsd:dateTime), speeds metres
 * a second (GPX 1.0, and the extensions of 1.1), courses degrees from true north.
 */
import { FIXES_MAX, type Fix, NO_FIX, numberOf, type Reading } from '../reading';

/** A comment, a section of text, or a tag. Each is bounded: a text that never closes one costs no more than its length. */
const TAG =
  /<!--|<!\[CDATA\[|<(\/?)([\w.-]+:)?([\w.-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]{0,4000}"|'[^'<]{0,4000}'))*)\s*(\/?)>/g;

/** What is taken from inside a point. */
const INSIDE = new Set(['time', 'speed', 'course', 'heading', 'bearing']);

/** Reads text; null when it is no GPX or has no point. */
export function readGpx(text: string): Reading | null {
  if (!/<(?:[\w.-]+:)?gpx[\s>]/i.test(text.slice(0, 4096))) return null;
  const fixes: Fix[] = [];
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
    const [, ending, , name, attributes, empty] = match;
    if (name === 'trkpt') {
      if (ending || empty) {
        const done = empty ? opened(attributes!) : point;
        const fix = done && fixOf(done);
        if (fix) fixes.push(fix);
        else damaged++;
        point = null;
      } else {
        // One that was not closed is cut: it is still a place.
        if (point) damaged++;
        point = opened(attributes!);
      }
    } else if (point && !ending && !empty && INSIDE.has(name!)) {
      const end = text.indexOf('<', TAG.lastIndex);
      // The first one counts: extensions repeat them.
      if (end >= 0 && end - TAG.lastIndex < 80 && !point.said.has(name!))
        point.said.set(name!, text.slice(TAG.lastIndex, end).trim());
    }
  }
  return fixes.length === 0 ? null : { format: 'gpx', fixes, clock: 'utc', zone: null, damaged };
}

function opened(attributes: string): {
  latitude: number | null;
  longitude: number | null;
  said: Map<string, string>;
} {
  const value = (name: string): number | null => {
    const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes);
    return numberOf(match?.[1]);
  };
  return { latitude: value('lat'), longitude: value('lon'), said: new Map() };
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

/** Milliseconds since 1970 of an xsd:dateTime; one without a zone is UTC, as GPX says. */
function clockOf(text: string | undefined): number | null {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(Z|[+-]\d\d:\d\d)?$/i.exec(text ?? '');
  if (!match) return null;
  const ms = Date.parse(`${match[1]}T${match[2]!.replace(',', '.')}${match[3]?.toUpperCase() ?? 'Z'}`);
  const year = Number(match[1]!.slice(0, 4));
  return Number.isFinite(ms) && year >= 2001 && year <= 2099 ? ms : null;
}

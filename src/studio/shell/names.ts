/** Names for people of what the code names by keys. */
import type { EngineKind } from '../../perception/engine';
import type { ChosenNote } from '../../stage/stage-api';
import type { ClassGroup } from '../../taxonomy/classes';
import { type PlainKey, say, sayOr } from '../../words/words';

/** Name of an engine. */
export function engineName(kind: EngineKind): string {
  return say(`engine.${kind}`);
}

/** What of an engine's description is words rather than names: a message, and its number where it has one. */
const RUNS_AS: readonly (readonly [RegExp, (count: number) => string])[] = [
  [/^(\d+) threads?$/, (count) => say('runs-as.threads', { count })],
  [/^page not isolated$/, () => say('runs-as.not-isolated')],
  [/^no relaxed SIMD$/, () => say('runs-as.no-relaxed')],
  [/^graph capture$/, () => say('runs-as.graph-capture')],
  [/^no graph capture$/, () => say('runs-as.no-capture')],
  [/^graph capture refused$/, () => say('runs-as.capture-refused')],
  [/^frames copied$/, () => say('runs-as.frames-copied')],
];

/** What an engine runs as, of its own description: names and precisions stand as they are. */
export function runsAsWords(description: string): string {
  const words = (part: string): string => {
    for (const [pattern, message] of RUNS_AS) {
      const found = pattern.exec(part);
      if (found) return message(Number(found[1]));
    }
    return part;
  };
  return description.split(', ').map(words).join(', ');
}

/** Why a network was chosen, as sentences. */
export function chosenWords(notes: readonly ChosenNote[] = []): string {
  return notes
    .map((note) => {
      if (note.kind === 'too-slow')
        return say('chosen.too-slow', { model: note.model, ms: note.ms, budget: note.budget });
      return note.kind === 'within'
        ? say('chosen.within', { budget: note.budget })
        : say(`chosen.${note.kind}`);
    })
    .join(' ');
}

/** Name of a class: ours are translated, others stand as their list has them. */
export function className(name: string): string {
  return sayOr(`class.${name}`, name);
}

/** Headings of the legend, and the groups below each: what a driver would put together. */
export const LEGEND_GROUPS: readonly {
  readonly label: Extract<PlainKey, `legend.${string}`>;
  readonly groups: readonly ClassGroup[];
}[] = [
  { label: 'legend.drivable', groups: ['drivable'] },
  { label: 'legend.in-the-way', groups: ['living', 'vehicle'] },
  { label: 'legend.beside', groups: ['off-road', 'roadside'] },
  { label: 'legend.around', groups: ['far', 'sky'] },
  { label: 'legend.this-car', groups: ['own car'] },
];

/** A camera's name as a label: one that makers share is translated, others stand as they are. */
export function cameraLabel(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  const number = /^camera (\d+)$/.exec(words)?.[1];
  if (number !== undefined) return say('camera.number', { number });
  return sayOr(`camera.${words}`, words ? `${words[0]!.toUpperCase()}${words.slice(1)}` : '–');
}

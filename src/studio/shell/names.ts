/** Names for people of what the code names by keys. */
import type { EngineKind } from '../../perception/engine';
import type { ChosenNote } from '../../stage/stage-api';
import type { ClassGroup } from '../../taxonomy/classes';
import { type PlainKey, say, sayOr } from '../../words/words';

/** Name of an engine. */
export function engineName(kind: EngineKind): string {
  return say(`engine.${kind}`);
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

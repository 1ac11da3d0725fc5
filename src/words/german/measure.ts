/** German: see the English file of the same name. */
import type { MEASURE as ENGLISH } from '../english/measure';
import type { Same } from '../message';

export const MEASURE: Same<typeof ENGLISH> = {
  'measure.title': 'Dieses Gerät messen – Carriageway',
  'measure.heading': 'Dieses Gerät messen',
  'measure.what':
    'Jedes Rechenwerk und jedes Netz der Seite läuft hier einige Sekunden, eins nach dem anderen, auf der simulierten Fahrt. Das dauert ein paar Minuten und lädt, was noch nicht benutzt wurde, bis zu 60 MB. Lassen Sie diese Seite im Blick und andere Programme in Ruhe. Nichts wird irgendwohin gesendet.',
  'measure.start': 'Beginnen',
  'measure.again': 'Noch einmal messen',
  'measure.stop': 'Anhalten',
  'measure.looking': 'Das Gerät wird angesehen …',
  'measure.now': '{index} von {count}: {title}, {engine}',
  'measure.take-along': 'Zum Mitnehmen',
  'measure.welcome':
    'Werte von echten Grafikkarten und Prozessoren sind in einem Issue des Projekts willkommen.',
  'measure.copy-markdown': 'Als Markdown kopieren',
  'measure.copy-json': 'Als JSON kopieren',
  'measure.copied-table': 'Die Tabelle kann jetzt eingefügt werden.',
  'measure.copied-figures': 'Die Werte können jetzt eingefügt werden.',
  'measure.not-copied':
    'Der Browser lässt die Seite nicht kopieren; markieren Sie den Text unten und kopieren Sie ihn von Hand.',
  'measure.by-hand': 'Von Hand zu kopieren',
  'measure.forget': 'Vergessen, womit die Seite beginnt',
  'measure.forgotten': 'Vergessen. Die Seite wählt wieder selbst.',
  'measure.stopped': 'Angehalten. Was bisher gemessen wurde, steht unten.',
  'measure.failed': 'Es konnte nicht gemessen werden: {reason}',
  'measure.too-long': 'Es dauerte mehr als fünf Minuten.',
  'measure.nothing': 'Kein Netz lief hier, darum wurde nichts gewählt.',
  'measure.done-gpu': 'Fertig. Die Seite beginnt von nun an mit {model} auf WebGPU.',
  'measure.done-processor': 'Fertig. Die Seite beginnt von nun an mit {model} auf dem Prozessor.',
  'measure.picture': 'Die simulierte Fahrt, während gemessen wird',
  'measure.figures': 'Werte',
  'measure.medians': 'Mediane von je etwa dreißig Masken',
  'measure.engine': 'Rechenwerk',
  'measure.network': 'Netz',
  'measure.inference': 'Inferenz, ms',
  'measure.end-to-end': 'Gesamt, ms',
  'measure.upload': 'Hochladen, ms',
  'measure.drawing': 'Zeichnen, ms',
  'measure.masks': 'Masken je Sekunde',
  'measure.memory': 'Speicher',
  'measure.bars': 'Inferenz: {words}',
  'measure.frame': '{ms} ms: ein Bild eines Videos',
  'measure.shorter': 'Millisekunden einer Inferenz; kürzer ist besser.',
};

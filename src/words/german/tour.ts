/** German: see the English file of the same name. */
import type { TOUR as ENGLISH } from '../english/tour';
import type { Same } from '../message';

export const TOUR: Same<typeof ENGLISH> = {
  'tour.offer': 'Neu hier? Eine kurze Führung erklärt das Bild.',
  'tour.take': 'Führung beginnen',
  'tour.decline': 'Nein, danke',
  'tour.next': 'Weiter',
  'tour.back': 'Zurück',
  'tour.finish': 'Fertig',
  'tour.end': 'Führung beenden',
  'tour.end-by-key': 'Führung beenden (Esc)',
  'tour.of': '{at} von {all}',
  'tour.again': 'Führung noch einmal',
  'tour.mask': 'Die Maske',
  'tour.mask-text':
    'Das Netz gibt jedem Pixel eine Klasse: Fahrbahn, Person, Fahrzeug und so weiter. Hier wählen Sie, was über das Bild gemalt wird: nur die befahrbare Fläche, oder alle Klassen.',
  'tour.confidence': 'Sicherheit',
  'tour.confidence-text':
    'Wie sicher das Netz ist, Pixel für Pixel, von Dunkelblau (geraten) bis Blassgelb (gewiss). An Kanten, in der Ferne und bei schlechtem Wetter zweifelt es.',
  'tour.sync': 'Synchron oder live',
  'tour.sync-text':
    'Synchron: Jedes Bild wartet auf seine eigene Maske, so passen beide, und der Verzug wird gezeigt. Live: sofort das neueste Bild, unter einer etwas älteren Maske.',
  'tour.scene': 'Die Straße voraus',
  'tour.scene-text':
    'Aus der Maske folgen die Ränder der Straße, was darauf steht und wie weit der Weg frei ist, in Metern mit ihrer Unsicherheit. Es ist eine Schätzung: Verlassen Sie sich beim Fahren nie darauf.',
  'tour.pyramid': 'Die Pyramide',
  'tour.pyramid-text':
    'Dieses Netz sieht sich das ganze Bild durch grobe Raster an, bevor es entscheidet. Öffnen Sie dies, um das Bild anzuhalten und die Raster einzeln auszuschalten.',
  'tour.own': 'Ihre eigene Datei',
  'tour.own-text':
    'Hier öffnen Sie ein Video, einen Ordner mit Bildern oder die Kamera, oder Sie legen sie irgendwo auf der Seite ab. Nichts verlässt dieses Gerät. Alle Tasten stehen unter dem Fragezeichen.',
};

/** German sentences of failures: see `src/errors.ts`. */
import type { ErrorCode } from '../../errors';

export const ERRORS: Readonly<Record<ErrorCode, string>> = {
  'source-not-a-video':
    'Diese Datei ist kein Video, das die Seite lesen kann. Versuchen Sie eine MP4-, MOV-, WebM- oder MKV-Datei.',
  'source-empty': 'Diese Datei ist leer. Wählen Sie eine andere.',
  'source-no-video-track': 'In dieser Datei ist kein Bild, nur Ton oder Daten. Wählen Sie eine Videodatei.',
  'source-truncated':
    'Dieses Video ist abgeschnitten oder beschädigt. Es läuft bis zum Schaden; versuchen Sie eine vollständige Kopie.',
  'source-no-key-picture':
    'Diese Aufnahme wurde dort geschnitten, wo kein Bild für sich allein steht, sodass kein Decoder beginnen kann. Nehmen Sie die Datei, wie die Kamera sie schrieb, oder wandeln Sie sie neu um.',
  'source-clock-jumped':
    'Die Uhr des Rekorders ist in dieser Aufnahme gesprungen. Die Bilder folgen trotzdem aufeinander; ein Zeichen auf der Zeitleiste zeigt, wo.',
  'source-gap':
    'In dieser Aufnahme wurde eine Weile nichts aufgenommen. Dort steht das Bild still; ein Zeichen auf der Zeitleiste zeigt, wo.',
  'source-part-unread':
    'Ein Teil dieser Datei steht nicht in ihrem Verzeichnis und wird nicht gezeigt. Reparieren Sie die Datei mit der Kamera oder mit einem Werkzeug, das das Verzeichnis neu anlegt.',
  'source-edits':
    'Diese Datei wurde durch ihre Schnittliste aus mehreren Teilen zusammengesetzt. Sie werden ungeschnitten gezeigt: Was dazwischen weggelassen war, ist zu sehen.',
  'source-other-pictures':
    'Diese Datei enthält mehr als einen Film, gezeigt wird der erste. Um die anderen zu sehen, nehmen Sie sie in eigene Dateien heraus.',
  'picture-unreadable':
    'Ein Bild dieses Satzes lässt sich nicht lesen. Sein Platz bleibt leer und hat keine Maske; die anderen werden gezeigt.',
  'picture-moves':
    'Einige Bilder dieses Satzes sind bewegt. Von jedem wird das erste Bild gezeigt; um alles zu sehen, wandeln Sie es in ein Video um.',
  'source-other-sounds':
    'Diese Aufnahme hat mehr als eine Tonspur, abgespielt wird die erste. Die Einzelheiten nennen die anderen.',
  'sound-not-played':
    'Der Ton dieser Aufnahme ist in einer Form gespeichert, die hier nicht abgespielt wird. Das Bild ist vollständig.',
  'source-encrypted':
    'Dieses Video ist verschlüsselt und lässt sich nur mit dem Player abspielen, für den es gemacht ist. Wählen Sie ein anderes.',
  'source-codec-unsupported':
    'Dieser Browser kann den Codec des Videos nicht dekodieren. H.264, VP9 oder AV1 in MP4, WebM oder MKV gehen.',
  'source-too-large':
    'Dieses Bild hat an einer Seite mehr als 8192 Pixel. Verkleinern Sie das Video und versuchen Sie es noch einmal.',
  'archive-unreadable':
    'Dieses ZIP lässt sich nicht öffnen: Es ist keines, abgeschnitten, beschädigt oder ein Teil von mehreren. Packen Sie es neu, oder wählen Sie den Ordner.',
  'archive-outside':
    'Namen in diesem ZIP führen aus ihm hinaus. Ihre Dateien wurden geöffnet, als lägen sie darin; die Einzelheiten nennen sie.',
  'files-left': 'Einige dieser Dateien wurden weggelassen. Die Einzelheiten nennen sie und sagen, warum.',
  'source-unreachable':
    'Das Video konnte von seiner Adresse nicht gelesen werden. Prüfen Sie Adresse und Verbindung und wählen Sie es noch einmal.',
  'source-failed': 'Die Videoquelle hat unerwartet aufgehört. Wählen Sie sie noch einmal, oder eine andere.',
  'camera-denied':
    'Der Browser durfte die Kamera nicht benutzen. Erlauben Sie es in der Adresszeile und wählen Sie die Kamera noch einmal.',
  'camera-busy':
    'Ein anderes Programm benutzt die Kamera. Schließen Sie es und wählen Sie die Kamera noch einmal.',
  'camera-frozen':
    'Die Kamera sendet keine Bilder mehr; das auf dem Schirm steht still. Öffnen Sie ihre Klappe, erlauben Sie sie wieder, oder wählen Sie eine andere Quelle.',
  'camera-absent':
    'Es wurde keine Kamera gefunden. Schließen Sie eine an, oder wählen Sie die simulierte Fahrt oder eine Videodatei.',
  'camera-unplugged':
    'Die Kamera wurde abgezogen. Stecken Sie sie wieder an, oder wählen Sie eine andere Quelle.',
  'camera-unsupported':
    'Dieser Browser kann der Seite keine Kamerabilder geben. Heutige Chrome, Edge und Firefox können es.',
  'drive-failed':
    'Die simulierte Fahrt konnte hier nicht gezeichnet werden. Wählen Sie eine Videodatei oder eine Kamera.',
  'model-not-found': 'Das Modell wurde an seiner Adresse nicht gefunden. Wählen Sie ein anderes.',
  'model-network':
    'Das Modell konnte nicht heruntergeladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
  'model-is-html': 'An der Adresse liegt eine Webseite statt eines Modells. Prüfen Sie die Adresse.',
  'model-too-large':
    'Diese Modelldatei ist größer, als die Seite annimmt (256 MB). Exportieren Sie eine kleinere.',
  'model-hash-mismatch':
    'Das heruntergeladene Modell ist nicht die erwartete Datei (seine SHA-256 ist anders). Laden Sie die Seite neu, um es noch einmal zu versuchen.',
  'model-manifest-invalid': 'Das Manifest des Modells ist ungültig. Die Einzelheiten nennen das Feld.',
  'class-list-invalid':
    'Die Liste der Klassen ist ungültig: 2 bis 256 verschiedene Namen, Farben wie #12ab9f, bekannte Rollen. Die Einzelheiten nennen das Feld.',
  'scores-not-numbers':
    'Die Antwort des Netzes enthält für dieses Bild keine Zahlen (NaN), darum gibt es keine Maske. Wählen Sie ein anderes Modell, oder eines in einfacher Genauigkeit.',
  'model-not-onnx': 'Diese Datei ist kein ONNX-Modell. Legen Sie eine .onnx-Datei ab.',
  'model-not-segmentation':
    'Dieses ONNX-Modell ist kein Segmentierungsnetz: Nötig sind ein Bild als Eingabe und eine Ausgabe mit einem Wert je Klasse und Pixel.',
  'model-load-failed': 'Das Modell konnte nicht gestartet werden. Wählen Sie ein anderes.',
  'webgpu-absent': 'Dieser Browser bietet kein WebGPU; das Netz läuft auf dem Prozessor und ist langsamer.',
  'webgpu-software':
    'WebGPU wird hier nur in Software nachgebildet; das Netz läuft auf dem Prozessor, der schneller ist.',
  'webgpu-no-frames':
    'Das WebGPU dieses Browsers nimmt Videobilder nicht, wie sie sind; das Netz läuft auf dem Prozessor.',
  'webgpu-lost': 'Das Grafikgerät ging verloren. Die Seite startet es wieder.',
  'webgpu-failed': 'Das Grafikgerät ist wiederholt ausgefallen; das Netz läuft jetzt auf dem Prozessor.',
  'webgpu-unfit':
    'Das Netz konnte auf dem WebGPU dieses Browsers nicht gestartet werden; es läuft auf dem Prozessor.',
  'cpu-engine-failed':
    'Das schnelle Rechenwerk für Prozessoren konnte nicht gestartet werden; das Netz läuft auf ONNX Runtime (WebAssembly), das langsamer ist.',
  'webgpu-ended-page':
    'Das WebGPU dieses Browsers hat die Seite das letzte Mal beendet; das Netz läuft jetzt auf dem Prozessor.',
  'engine-ended-page':
    'Das verlangte Rechenwerk hat die Seite das letzte Mal beendet; jetzt läuft ein anderes.',
  'engine-requested': 'Das Rechenwerk wurde in der Adresse der Seite gewählt.',
  'memory-short':
    'Der Speicher reichte nicht für das Netz. Schließen Sie andere Tabs oder Programme, oder wählen Sie ein kleineres Modell.',
  'simd-missing':
    'Diesem Browser fehlt ein Teil von WebAssembly (SIMD), den Netze auf dem Prozessor brauchen. Aktualisieren Sie ihn, oder nehmen Sie einen anderen.',
  'engine-measured':
    'Als dieses Gerät gemessen wurde, war der Prozessor das bessere Rechenwerk, darum läuft das Netz dort. Messen Sie noch einmal, um das zu ändern.',
  'rate-lowered':
    'Dieses Gerät kann bei der Bildrate nicht jedes Bild segmentieren, darum werden einige ausgelassen; wie viele, sagen die Einzelheiten. Es geht von selbst zurück.',
  'inference-failed': 'Das Netz ist an einem Bild gescheitert. Die Seite startet es wieder.',
  'worker-silent': 'Der Worker antwortet nicht mehr. Die Seite startet ihn wieder.',
  'worker-gone': 'Der Worker konnte nicht wieder gestartet werden. Laden Sie die Seite neu.',
  'worker-not-started':
    'Der Worker, der zeichnet, konnte nicht gestartet werden. Dieser Browser oder eine Richtlinie der Seite verbietet es, oder seine Datei fehlt auf dem Server.',
  'live-unreachable': 'Der Server der Live-Räume ist nicht zu erreichen. Die Seite versucht es weiter.',
  'live-connection-lost': 'Die Verbindung zum Raum ging verloren. Die Seite tritt wieder bei.',
  'live-not-ready': 'Der Server bereitet seine Live-Räume noch vor. Die Seite tritt bei, sobald sie da sind.',
  'live-token-missing':
    'Für diesen Raum braucht es eine Einladung. Bitten Sie seinen Besitzer um einen Link.',
  'live-token-invalid':
    'Diese Einladung gilt nicht für diesen Raum. Bitten Sie seinen Besitzer um einen anderen Link.',
  'live-token-expired':
    'Diese Einladung ist abgelaufen. Bitten Sie den Besitzer des Raums um einen anderen Link.',
  'live-full': 'In diesem Raum ist kein Platz mehr. Versuchen Sie es später.',
  'live-removed':
    'Der Betreiber des Servers hat diesen Aufenthalt im Raum beendet. Bitten Sie den Besitzer um einen anderen Link.',
  'live-held-back':
    'Der Server hält diesen Raum eine Weile zurück, weil sein Media-Worker immer wieder ausfiel. Die Seite versucht es weiter.',
  'live-refused': 'Der Server hat diese Anfrage abgelehnt. Laden Sie die Seite neu.',
  'live-unsupported':
    'Dieser Browser kann an Live-Räumen nicht teilnehmen. Heutige Chrome, Edge, Firefox und Safari können es.',
  'recordings-refused':
    'Diese Aufzeichnungen können nicht geholt werden: Sie sind nicht mehr da, oder diese Einladung erlaubt den Blick auf sie nicht. Fragen Sie den Eigentümer des Servers.',
  'recording-coming': 'Die Aufzeichnung wird vom Server geholt. Sie öffnet sich, sobald sie da ist.',
  'live-publish-failed':
    'Das Bild konnte nicht in den Raum gesendet werden. Wählen Sie die Quelle noch einmal.',
  'option-invalid':
    'Eine Option der Bühne oder ihres Elements ist ungültig. Die Einzelheiten nennen das Feld.',
  'stage-disposed':
    'Die Bühne wurde abgebaut, oder ihr Element von der Seite genommen. Machen Sie eine neue.',
  'source-input-unknown':
    'Das lässt sich nicht abspielen: Geben Sie den Namen einer Fahrt, eine Adresse, eine Datei, eine Kamera, einen MediaStream oder einen Strom von Bildern.',
  'browser-lacks':
    'Diesem Browser fehlt etwas, was die Seite benutzt; der Rest geht. Die Einzelheiten, und „Dieser Browser“ neben dem Bild, sagen, was.',
  'update-ready':
    'Eine neue Version dieser Seite ist da. Sie wird genommen, wenn Sie es sagen, oder wenn die Seite das nächste Mal geöffnet wird.',
  'shared-too-large':
    'Was der Seite übergeben wurde, ist mehr, als sie annimmt (20 Dateien, 2 GB). Öffnen Sie die Dateien von der Seite aus.',
  'parameter-ignored':
    'Eine Einstellung in der Adresse der Seite wurde nicht verstanden und bleibt unbeachtet.',
  'language-not-loaded':
    'Die Worte der Seite in dieser Sprache konnten nicht geladen werden. Prüfen Sie die Verbindung und wählen Sie sie noch einmal.',
  'camera-model-invalid':
    'Höhe, Winkel oder Blickfeld der Kamera liegen außerhalb der Grenzen. Wählen Sie eine Vorlage, oder schieben Sie die Regler zurück.',
  'class-map-invalid':
    'Die Klassenkarte des Netzes passt nicht zu ihrer Größe; die Szene wird daraus nicht gelesen.',
  'analysis-failed':
    'Die Auswertung hat aufgehört. Was ausgewertet wurde, bleibt; starten Sie sie noch einmal, um weiterzumachen.',
  'storage-full':
    'Auf diesem Gerät ist kein Platz mehr für Ergebnisse. Löschen Sie aufbewahrte Auswertungen, oder schaffen Sie Platz.',
  'storage-refused':
    'Dieser Browser lässt die Seite keine Dateien aufbewahren, die Auswertungen und Exporte brauchen. Erlauben Sie der Seite, Daten zu speichern, und versuchen Sie es noch einmal.',
  'export-failed': 'Der Export ist nicht gelungen. Nichts wurde geschrieben; versuchen Sie es noch einmal.',
  'export-codec-missing':
    'Dieser Browser kann in diesem Format kein Video schreiben. Wählen Sie das andere Format, oder exportieren Sie die Masken.',
  'labels-unreadable':
    'Diese Labels lassen sich nicht lesen. Ein ZIP mit PNG-Dateien, wie hier exportiert, oder eine COCO-Datei geht.',
  'labels-unclear':
    'Es ist nicht klar, was diese Labels bedeuten oder zu welchen Bildern sie gehören. Beantworten Sie zuerst die Fragen neben dem Bild.',
  'labels-mismatch':
    'Diese Labels gehören nicht zu diesem Video. Öffnen Sie das Video, für das sie gemacht wurden.',
  'marks-unreadable':
    'Das ist keine Datei mit Merkzeichen, die sich lesen lässt. Nehmen Sie eine, die diese Seite exportiert hat. Die Einzelheiten sagen, was nicht stimmt.',
  'blur-unavailable':
    'Menschen und Fahrzeuge können hier nicht unscharf gemacht werden: Das Modell nennt keine, oder hat das Bild noch nicht gesehen. Wählen Sie ein anderes Modell, oder machen Sie ohne Unschärfe weiter.',
  'track-unread':
    'In dieser Datei wurde keine Spur gefunden. GPX, und die Sätze, die Dashcams neben ihre Videos schreiben (NMEA), lassen sich lesen, sofern sie sagen, wann das Fahrzeug dort war.',
  'track-obscured':
    'Die Orte dieser Aufnahme sind verschlüsselt, oder in einer Form ihres Herstellers, und werden nicht gezeigt. Eine GPX-Datei derselben Fahrt lässt sich daneben legen.',
  'track-unsure':
    'Es ist nicht sicher, wo in der Aufnahme diese Spur hingehört: Ihre Uhr sagt es nicht. Vergleichen Sie mit dem Bild, und verschieben Sie sie unter der Karte um Sekunden.',
  'track-failed':
    'Was diese Aufnahme über die Fahrt sagt, konnte nicht gelesen werden. Sie läuft ohne; wählen Sie sie noch einmal, um es wieder zu versuchen.',
  'track-nothing-left':
    'Von der Spur bleibt nichts, wenn die Umgebung von Start und Ziel weggeschnitten ist. Schneiden Sie weniger Meter weg, oder wählen Sie einen längeren Bereich.',
  'track-without-recording':
    'Eine Spur wird neben dem Video gezeigt, zu dem sie gehört. Öffnen Sie zuerst dieses Video.',
  'map-not-pmtiles':
    'Das ist keine PMTiles-Datei. Wählen Sie eine Karte, deren Name auf .pmtiles endet; die Spur bleibt, wie sie ist.',
  'map-old':
    'Diese Karte ist eine PMTiles-Datei einer älteren oder unbekannten Version. Wandeln Sie sie mit dem Werkzeug pmtiles in Version 3 um.',
  'map-cut':
    'Diese Kartendatei ist abgeschnitten. Was lesbar ist, wird gezeigt; kopieren oder laden Sie sie noch einmal.',
  'map-damaged':
    'Teile dieser Karte sind nicht lesbar und bleiben leer. Kopieren oder laden Sie sie noch einmal.',
  'map-tiles-unread':
    'Die Kacheln dieser Karte werden hier nicht gelesen: nur PNG, JPEG, WebP, AVIF und MVT, mit gzip gepackt oder ungepackt.',
  'map-elsewhere':
    'Diese Karte hat keine Kacheln, wo die Spur ist. Wählen Sie eine Karte der Gegend; die Spur bleibt, wie sie ist.',
  'map-too-close':
    'Diese Karte hat nur nahe Ansichten, zu viele für eine so lange Fahrt. Wählen Sie eine, die auch fernere hat.',
  'map-too-much':
    'Die Kacheln dieser Karte sind zu groß, um unter der Spur gezeichnet zu werden. Wählen Sie eine einfachere Karte.',
  'map-failed':
    'Die Karte war nicht lesbar, oder nicht in der Zeit. Die Spur bleibt; wählen Sie die Karte noch einmal, um es erneut zu versuchen.',
  'map-waits':
    'Diese Karte liegt unter der Spur einer Fahrt. Öffnen Sie eine Aufnahme, die sagt, wohin sie ging.',
  'pyramid-unavailable':
    'Die Pyramide lässt sich jetzt nicht untersuchen: Nötig sind ein Bild auf dem Schirm und ein eingebautes Netz. Wählen Sie beides und versuchen Sie es noch einmal.',
  'overlay-failed':
    'Das Bild kann hier nicht gezeichnet werden: Der Browser bietet weder WebGPU noch WebGL2. Aktualisieren Sie den Browser oder den Grafiktreiber.',
  'drawing-lost':
    'Der Browser hat die Zeichnung weggenommen, wie er es tut, wenn die Grafik neu startet. Sie wird wieder aufgebaut.',
  'snapshot-failed':
    'Das Standbild ist nicht gelungen. Versuchen Sie es noch einmal, während ein Bild zu sehen ist.',
};

/*
 * For browsers that cannot run the page: says what is needed, in place of an empty window. Plain script of 2017, since
 * nothing newer can be relied on here. What it asks for are the blocking lines of src/studio/shell/capabilities.ts.
 */
(() => {
  var NEEDS = {
    wasm: ['WebAssembly'],
    'offscreen-canvas': ['OffscreenCanvas', 'HTMLCanvasElement.prototype.transferControlToOffscreen'],
    'video-frames': ['VideoFrame'],
    language: ['Array.prototype.toSorted', 'HTMLElement.prototype.togglePopover', 'Set.prototype.union'],
  };
  var WORDS = {
    en: {
      title: 'This browser cannot run Carriageway',
      needs:
        'It takes a browser of 2024 or later: Chrome, Edge or another Chromium from version 121 on, or Firefox from version 130 on.',
      secure: 'It also takes an address with HTTPS, or one on this machine.',
      broken: 'The page could not be started. Reload it; if that does not help, update the browser.',
      missing: 'Missing here: ',
    },
    de: {
      title: 'Dieser Browser kann Carriageway nicht ausführen',
      needs:
        'Nötig ist ein Browser von 2024 oder neuer: Chrome, Edge oder ein anderer Chromium ab Version 121, oder Firefox ab Version 130.',
      secure: 'Nötig ist auch eine Adresse mit HTTPS oder auf diesem Rechner.',
      broken:
        'Die Seite konnte nicht gestartet werden. Laden Sie sie neu; hilft das nicht, aktualisieren Sie den Browser.',
      missing: 'Hier fehlt: ',
    },
  };
  var language = String(navigator.language || 'en').slice(0, 2);
  var words = Object.hasOwn(WORDS, language) ? WORDS[language] : WORDS.en;

  function there(path) {
    return path
      .split('.')
      .reduce((at, name) => (at === null || at === undefined ? undefined : at[name]), window);
  }

  function missing() {
    return Object.keys(NEEDS).reduce(
      (found, id) =>
        found.concat(
          NEEDS[id].filter((path) => {
            var at = there(path);
            return at === null || at === undefined;
          }),
        ),
      [],
    );
  }

  function paragraph(text) {
    var p = document.createElement('p');
    p.appendChild(document.createTextNode(text));
    return p;
  }

  function say(lines, absent) {
    var root = document.getElementById('app');
    if (!root) return;
    // Of a page that began and broke off nothing stays.
    while (root.firstChild) root.removeChild(root.firstChild);
    var main = document.createElement('main');
    main.className = 'noscript';
    main.setAttribute('data-testid', 'needs');
    main.lang = words === WORDS.de ? 'de' : 'en';
    // Read out at once, and a part of the page all the same.
    var alert = document.createElement('div');
    alert.setAttribute('role', 'alert');
    main.appendChild(alert);
    var title = document.createElement('h1');
    title.appendChild(document.createTextNode(words.title));
    alert.appendChild(title);
    if (absent.length > 0) lines.push(words.missing + absent.join(', '));
    lines.forEach((line) => {
      alert.appendChild(paragraph(line));
    });
    root.appendChild(main);
  }

  function started() {
    return document.documentElement.getAttribute('data-started') !== null;
  }

  function check() {
    var absent = missing();
    if (absent.length > 0)
      say(window.isSecureContext === false ? [words.needs, words.secure] : [words.needs], absent);
  }

  // A script that cannot be read, or was not loaded: before the page has begun there is nobody else to say so.
  function failed(event) {
    // Of elements only a script matters: a picture that is missing stops nothing.
    var script = event.target === window || (event.target && event.target.tagName === 'SCRIPT');
    if (script && !started()) say([words.broken, words.needs], missing());
  }
  window.addEventListener('error', failed, true);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', check);
  else check();
})();

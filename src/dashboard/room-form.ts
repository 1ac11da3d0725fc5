/** The door of the live pages: which room, and to look or to send. */
import { say } from '../words/words';
import { h } from './dom';
import { liveHead } from './head';

/** Puts the form on the page; it navigates by itself. */
export function showRoomForm(root: HTMLElement): void {
  root.classList.add('live');
  root.replaceChildren(
    liveHead(h('span', { class: 'live-room' }, say('live.rooms'))),
    h(
      'main',
      { class: 'room-form' },
      h('p', {}, say('live.what')),
      h(
        'form',
        { method: 'get', action: '/', 'data-testid': 'room-look' },
        h('h2', {}, say('live.look')),
        roomField(),
        h('button', { class: 'button primary' }, say('live.open-dashboard')),
      ),
      h(
        'form',
        { method: 'get', action: '/', 'data-testid': 'room-send' },
        h('h2', {}, say('live.send')),
        roomField(),
        field(
          say('live.name'),
          h('input', {
            type: 'text',
            name: 'name',
            required: true,
            maxlength: 48,
            value: say('live.first-name'),
          }),
        ),
        field(
          say('live.source'),
          h(
            'select',
            { name: 'publish' },
            h('option', { value: 'drive' }, say('live.from-drive')),
            h('option', { value: 'camera' }, say('live.from-camera')),
            h('option', { value: 'file' }, say('live.from-file')),
          ),
        ),
        h('button', { class: 'button' }, say('live.begin-sending')),
      ),
    ),
  );
  document.title = say('live.title-of', { title: say('live.rooms') });
}

/** A control under its label. */
function field(label: string, control: HTMLElement): HTMLElement {
  return h('label', {}, h('span', {}, label), control);
}

/** Which room: what the server takes as the name of one. */
function roomField(): HTMLElement {
  const pattern = '[A-Za-z0-9][A-Za-z0-9_\\-]{0,63}';
  return field(
    say('live.room'),
    h('input', { type: 'text', name: 'room', required: true, pattern, value: 'demo' }),
  );
}

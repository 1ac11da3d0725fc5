/** The door of the live pages: which room, and to look or to send. */
import { h } from './dom';
import { liveHead } from './head';

/** Puts the form on the page; it navigates by itself. */
export function showRoomForm(root: HTMLElement): void {
  root.classList.add('live');
  const field = (label: string, input: HTMLElement) => h('label', {}, h('span', {}, label), input);
  root.replaceChildren(
    liveHead(h('span', { class: 'live-room' }, 'Live rooms')),
    h(
      'main',
      { class: 'room-form' },
      h('p', {}, 'Several cameras on one page, each segmented in the viewer’s browser.'),
      h(
        'form',
        { method: 'get', action: '/', 'data-testid': 'room-look' },
        h('h2', {}, 'Look at a room'),
        field(
          'Room',
          h('input', {
            type: 'text',
            name: 'room',
            required: true,
            pattern: '[A-Za-z0-9][A-Za-z0-9_\\-]{0,63}',
            value: 'demo',
          }),
        ),
        h('button', { class: 'button primary' }, 'Open the dashboard'),
      ),
      h(
        'form',
        { method: 'get', action: '/', 'data-testid': 'room-send' },
        h('h2', {}, 'Send into a room'),
        field(
          'Room',
          h('input', {
            type: 'text',
            name: 'room',
            required: true,
            pattern: '[A-Za-z0-9][A-Za-z0-9_\\-]{0,63}',
            value: 'demo',
          }),
        ),
        field(
          'Name',
          h('input', { type: 'text', name: 'name', required: true, maxlength: 48, value: 'Vehicle 1' }),
        ),
        field(
          'Source',
          h(
            'select',
            { name: 'publish' },
            h('option', { value: 'drive' }, 'Simulated drive'),
            h('option', { value: 'camera' }, 'Camera'),
            h('option', { value: 'file' }, 'Video file'),
          ),
        ),
        h('button', { class: 'button' }, 'Send'),
      ),
    ),
  );
  document.title = 'Live rooms – Carriageway';
}

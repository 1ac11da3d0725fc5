/** What was recorded of the room, for those whose token lets them look: a list of drives, each opened in the player. */
import { CarriagewayError, ERROR_COPY } from '../errors';
import { listRecorded, type RecordedDrive, replayAddress } from '../live/recorded';
import { decimals, say, sentenceOf } from '../words/words';
import { localeOf } from './clock';
import { h, setText } from './dom';

/** Drives that are listed, the newest first. */
const LINES = 50;

/** The button and its sheet; the button shows once there is something to look at. */
export class RecordingsSheet {
  readonly button: HTMLButtonElement;
  readonly sheet: HTMLDialogElement;
  readonly #list = h('ul', { class: 'recorded-list', 'data-testid': 'recorded' });
  readonly #problem = h('p', { role: 'alert', hidden: true, 'data-testid': 'recorded-problem' });

  /** @param token the page's own; without one nothing is to be seen */
  constructor(
    private readonly room: string,
    private readonly token: string | null,
  ) {
    this.sheet = h(
      'dialog',
      { class: 'sheet recorded', 'aria-labelledby': 'recorded-title', 'data-testid': 'recordings' },
      h('h2', { id: 'recorded-title' }, say('recordings.heading', { room })),
      h('p', { class: 'muted' }, say('recordings.what')),
      this.#problem,
      this.#list,
      h('form', { method: 'dialog' }, h('button', { class: 'button' }, say('page.close'))),
    );
    this.button = h(
      'button',
      {
        type: 'button',
        class: 'button',
        hidden: true,
        'data-testid': 'recordings-button',
        onclick: () => void this.#open(),
      },
      say('recordings.button'),
    );
  }

  /** Shows the button where there is something behind it. Never rejects: who may not look is not told of it. */
  async look(): Promise<void> {
    if (this.token === null || !mayLook(this.token)) return;
    this.button.hidden = !(await listRecorded(this.room, this.token).then(
      () => true,
      () => false,
    ));
  }

  async #open(): Promise<void> {
    this.sheet.showModal();
    this.#problem.hidden = true;
    try {
      const drives = await listRecorded(this.room, this.token ?? '');
      this.#list.replaceChildren(
        ...(drives.length > 0
          ? drives.slice(0, LINES).map((drive) => this.#line(drive))
          : [h('li', { class: 'muted' }, say('recordings.none'))]),
      );
    } catch (thrown) {
      const code = thrown instanceof CarriagewayError ? thrown.code : 'live-unreachable';
      setText(this.#problem, sentenceOf({ code, message: ERROR_COPY[code] }));
      this.#problem.hidden = false;
    }
  }

  #line({ start, end, vehicles, bytes, masked }: RecordedDrive): HTMLLIElement {
    const day = new Date(start).toLocaleString(localeOf(), { dateStyle: 'medium', timeStyle: 'short' });
    const when = `${day} – ${new Date(end).toLocaleTimeString(localeOf(), { timeStyle: 'short' })}`;
    const address = replayAddress(location.href, {
      room: this.room,
      from: Math.floor(start),
      to: Math.ceil(end),
      token: this.token ?? '',
    });
    return h(
      'li',
      { class: 'recorded-drive', 'data-testid': 'recorded-drive' },
      h(
        'div',
        {},
        h('span', { class: 'figure' }, when),
        h('span', {}, vehicles.join(', ')),
        h(
          'span',
          { class: 'muted' },
          say(masked ? 'recordings.size-and-masks' : 'recordings.size', { size: megabytes(bytes) }),
        ),
      ),
      h(
        'a',
        {
          class: 'button',
          href: address,
          target: '_blank',
          rel: 'noreferrer',
          'aria-label': say('recordings.open-of', { when }),
          'data-testid': 'open-recording',
        },
        say('recordings.open'),
      ),
    );
  }
}

/** Whether a token says that its holder may look; the server decides. Spares everybody else a request that is refused. */
function mayLook(token: string): boolean {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { may } = JSON.parse(atob(payload)) as { readonly may?: unknown };
    return Array.isArray(may) && (may.includes('admin') || may.includes('replay'));
  } catch {
    return false;
  }
}

function megabytes(bytes: number): string {
  const count = bytes / 1e6;
  return count < 10 ? decimals(count.toFixed(1)) : String(Math.round(count));
}

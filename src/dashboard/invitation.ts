/**
 * Invitations: a link for a vehicle or a viewer, with a token in its fragment, and the same as a QR code for a phone.
 */
import qrcode from 'qrcode-generator';
import { CarriagewayError, ERROR_COPY } from '../errors';
import type { Role } from '../live/protocol';
import { say, sentenceOf } from '../words/words';
import { h, setText } from './dom';
import { liveAddress } from './params';
import { requestToken } from './session-ports';

/** How long an invitation lasts, in seconds: a drive and its way back. */
const LASTS = 4 * 3600;

const SVG = 'http://www.w3.org/2000/svg';

/** A QR code as one path, dark on light: readers expect it so, also in a dark page. */
function qrOf(text: string): SVGSVGElement {
  // 0: the smallest that holds the text; M restores 15 % of it.
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const quiet = 4;
  let d = '';
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) if (code.isDark(y, x)) d += `M${x + quiet} ${y + quiet}h1v1h-1z`;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size + 2 * quiet} ${size + 2 * quiet}`);
  svg.setAttribute('class', 'qr');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', say('invite.qr'));
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', d);
  svg.append(path);
  return svg;
}

/** The button and its sheet. */
export class Invitation {
  readonly button: HTMLButtonElement;
  readonly sheet: HTMLDialogElement;
  readonly #links = h('div', { class: 'invite-links' });
  readonly #problem = h('p', { role: 'alert', hidden: true, 'data-testid': 'invite-problem' });

  /** @param token the page's own invitation, which may allow to invite others */
  constructor(
    private readonly room: string,
    private readonly token: string | null,
  ) {
    this.sheet = h(
      'dialog',
      { class: 'sheet invite', 'aria-labelledby': 'invite-title', 'data-testid': 'invite' },
      h('h2', { id: 'invite-title' }, say('invite.heading', { room })),
      this.#problem,
      this.#links,
      h('form', { method: 'dialog' }, h('button', { class: 'button' }, say('page.close'))),
    );
    this.button = h(
      'button',
      {
        type: 'button',
        class: 'button primary',
        'data-testid': 'invite-button',
        onclick: () => void this.#open(),
      },
      say('invite.button'),
    );
  }

  async #open(): Promise<void> {
    this.sheet.showModal();
    this.#links.replaceChildren();
    this.#problem.hidden = true;
    try {
      const [drive, watch] = await Promise.all([this.#link('publish'), this.#link('view')]);
      this.#links.replaceChildren(this.#row('vehicle', drive, 'publish'), this.#row('viewer', watch, 'view'));
    } catch (thrown) {
      const code = thrown instanceof CarriagewayError ? thrown.code : 'live-unreachable';
      setText(
        this.#problem,
        code === 'live-token-missing'
          ? say('invite.not-allowed')
          : sentenceOf({ code, message: ERROR_COPY[code] }),
      );
      this.#problem.hidden = false;
    }
  }

  async #link(role: Role): Promise<string> {
    const token = await requestToken({ room: this.room, role, seconds: LASTS }, this.token);
    return liveAddress(location.href, {
      room: this.room,
      token,
      ...(role === 'publish' ? { publish: 'camera' as const } : {}),
    });
  }

  #row(whom: 'vehicle' | 'viewer', link: string, id: string): HTMLElement {
    const field = h('input', {
      type: 'text',
      readonly: true,
      value: link,
      'aria-label': say(`invite.${whom}-link`),
      'data-testid': `invite-${id}`,
    });
    const copied = h('span', { role: 'status' });
    return h(
      'section',
      { class: 'invite-row' },
      qrOf(link),
      h(
        'div',
        {},
        h('h3', {}, say(`invite.${whom}`)),
        h('p', { class: 'muted' }, say(`invite.${whom}-hint`)),
        field,
        h(
          'button',
          {
            type: 'button',
            class: 'button',
            onclick: () => {
              field.select();
              navigator.clipboard.writeText(link).then(
                () => setText(copied, say('invite.copied')),
                () => setText(copied, say('invite.copy-by-hand')),
              );
            },
          },
          say('invite.copy'),
        ),
        copied,
      ),
    );
  }
}

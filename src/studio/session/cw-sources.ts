/** The source menu: the simulated drive with its street and weather, a video file, a camera. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { DRIVE_MOODS } from '../../drive/options';
import { say } from '../../words/words';
import { filePicker, iconButton, named, textButton } from '../shell/controls';
import { type IconName, icon } from '../shell/icons';
import { CwMenu } from '../shell/menu';
import { take } from './drop';
import {
  type CameraFacing,
  type DriveWeather,
  FIRST_SEED,
  SEED_MAX,
  type SourceRequest,
} from './open-source';
import { titleOf } from './source-words';

/** What a file chooser offers first; anything else can still be picked: videos are judged by their content. */
const RECORDING_FILES =
  'video/*,image/*,.mp4,.m4v,.mov,.webm,.mkv,.masks,.ts,.png,.jpg,.zip,.gpx,.nmea,.gps,.pmtiles';

const ICONS: Readonly<Record<SourceRequest['kind'], IconName>> = {
  drive: 'drive',
  file: 'file',
  camera: 'camera',
};

/** Where a camera looks, the side where the road is first. */
const FACINGS: readonly CameraFacing[] = ['environment', 'user'];

/** `<cw-sources>`: a button that shows the running source, and its menu. */
export class CwSources extends CwMenu {
  protected override readonly menu = 'sources';
  /** The request that the fields were filled in from: what the user types stays until another source runs. */
  #filled: SourceRequest | undefined;
  #wasOpen = false;
  /** What became of the link that was asked for, as a key; empty before. */
  #copied: '' | 'sources.link-copied' | 'sources.link-in-bar' = '';

  protected override get label(): string {
    return say('sources.label');
  }

  /** Opens the browser's own file chooser. */
  chooseFile(): void {
    this.#input<HTMLInputElement>('file-input').click();
  }

  protected override chip(): ReturnType<CwMenu['chip']> {
    const { playback } = this.state;
    const title = playback ? titleOf(playback) : say('sources.none');
    return {
      icon: ICONS[playback?.request.kind ?? 'drive'],
      text: html`<span class="chip-title" data-testid="source-title">${title}</span>`,
    };
  }

  protected override content(): TemplateResult {
    return html`${this.#drive()}${this.#video()}${this.#camera()}`;
  }

  protected override updated(): void {
    super.updated();
    const { playback, menu } = this.state;
    const request = playback?.request;
    if (request?.kind === 'drive' && request !== this.#filled) {
      this.#input('drive-seed').value = String(request.seed);
      this.#input('drive-mood').value = request.mood;
    }
    this.#filled = request;
    const open = menu === 'sources';
    if (!open && this.#copied) this.#copied = '';
    if (open && !this.#wasOpen) void this.context.sources.refreshCameras();
    this.#wasOpen = open;
  }

  #input<E extends HTMLInputElement | HTMLSelectElement>(id: string): E {
    return this.querySelector<E>(`[data-testid=${id}]`)!;
  }

  async #copyLink(): Promise<void> {
    const where = await this.context.page.copyLink();
    this.#copied =
      where === 'clipboard' ? 'sources.link-copied' : where === 'address' ? 'sources.link-in-bar' : '';
    this.requestUpdate();
  }

  #section(kind: SourceRequest['kind'], name: string, content: TemplateResult): TemplateResult {
    const current = this.state.playback?.request.kind === kind;
    return html`<section class="menu-section ${current ? 'current' : ''}" data-kind=${kind}>
      <h2>${icon(ICONS[kind])}${name}<span class="running">${say('sources.running')}</span></h2>
      ${content}
    </section>`;
  }

  #go(id: string, label: string, request: () => SourceRequest): TemplateResult {
    const go = () => {
      this.context.page.closeMenu('sources');
      void this.context.sources.open(request());
    };
    // The focus goes to the first button, not to a field: that would raise a phone's keyboard over half of the menu.
    return html`<button
      type="button"
      class="button"
      ?autofocus=${id === 'open-drive'}
      data-testid=${id}
      @click=${go}
    >${label}</button>`;
  }

  #drive(): TemplateResult {
    const request = (): SourceRequest => {
      const [seed, mood] = [this.#input<HTMLInputElement>('drive-seed'), this.#input('drive-mood')];
      const asked = Math.round(seed.valueAsNumber);
      const valid = Number.isFinite(asked) && asked >= 0 && asked <= SEED_MAX;
      if (!valid) seed.value = String(FIRST_SEED);
      return { kind: 'drive', seed: valid ? asked : FIRST_SEED, mood: mood.value as DriveWeather };
    };
    const another = () => {
      this.#input('drive-seed').value = String(this.context.sources.randomSeed());
    };
    return this.#section(
      'drive',
      say('sources.drive'),
      html`<div class="fields">
        <label><span>${say('sources.street')}</span><span class="joined"><input
          type="number"
          min="0"
          max=${SEED_MAX}
          step="1"
          value=${FIRST_SEED}
          inputmode="numeric"
          data-testid="drive-seed"
        >${iconButton({ icon: 'dice', label: say('sources.another-street'), id: 'drive-dice', onclick: another })}</span></label>
        <label><span>${say('sources.weather')}</span><select data-testid="drive-mood">
          <option value="any">${say('sources.weather-own')}</option>
          ${DRIVE_MOODS.map((mood) => html`<option value=${mood}>${say(`mood.${mood}`)}</option>`)}
        </select></label>
      </div>
      <div class="row">
        ${this.#go('open-drive', say('sources.go-drive'), request)}
        ${this.#linkButton('copy-link', this.state.playback?.request.kind === 'drive')}
      </div>`,
    );
  }

  #linkButton(id: string, offered: boolean): TemplateResult {
    return html`<button
      type="button"
      class="button quiet"
      data-testid=${id}
      ?hidden=${!offered}
      @click=${() => void this.#copyLink()}
      ${named(say(this.#copied || 'sources.copy-link'))}
    >${say(this.#copied || 'sources.copy-link')}</button>`;
  }

  #video(): TemplateResult {
    const onpick = (files: readonly File[]) => {
      this.context.page.closeMenu('sources');
      take(
        this.context,
        files.map((file) => ({ path: file.webkitRelativePath || file.name, file })),
      );
    };
    return this.#section(
      'file',
      say('sources.recording'),
      html`<p class="hint">${say('sources.recording-hint')}</p>
      <div class="row">
        ${textButton('open-file', say('sources.choose-files'), () => this.chooseFile())}
        ${textButton('open-folder', say('sources.choose-folder'), () => this.#input<HTMLInputElement>('folder-input').click())}
        ${this.#linkButton('copy-file-link', this.#linkable)}
      </div>
      ${this.#found()}
      ${filePicker({ id: 'file-input', label: say('sources.files-label'), accept: RECORDING_FILES, takes: 'several', onpick })}
      ${filePicker({ id: 'folder-input', label: say('sources.folder-label'), takes: 'folder', onpick })}`,
    );
  }

  /** Whether what runs is a recording that was opened by its address. */
  get #linkable(): boolean {
    const request = this.state.playback?.request;
    return request?.kind === 'file' && request.address !== undefined;
  }

  /** Drives that were found in the files chosen last, where there was more than one. */
  #found(): TemplateResult {
    const { drives, playback } = this.state;
    const open = (request: SourceRequest) => {
      this.context.page.closeMenu('sources');
      void this.context.sources.open(request);
    };
    return html`<div ?hidden=${drives.length === 0} data-testid="drives-found">
      <p class="hint">${say('sources.several-drives')}</p>
      ${drives.map((request, n) =>
        request.kind === 'file'
          ? html`<button
              type="button"
              class="button quiet"
              data-testid="drive-found-${n}"
              aria-pressed=${request === playback?.request}
              @click=${() => open(request)}
            >${request.title}</button>`
          : nothing,
      )}
    </div>`;
  }

  #camera(): TemplateResult {
    const { cameras } = this.state;
    const request = (): SourceRequest => {
      const { value } = this.#input('camera-device');
      const facing = FACINGS.find((each) => value === `facing:${each}`);
      if (facing) return { kind: 'camera', deviceId: null, facing };
      return { kind: 'camera', deviceId: value || null };
    };
    // What is held in a hand has one camera on each side; names of lenses say less to people than that.
    const held = matchMedia('(pointer: coarse)').matches;
    const facings = FACINGS.map(
      (each) => html`<option value="facing:${each}">${say(`sources.facing-${each}`)}</option>`,
    );
    const options = repeat(
      cameras.filter((camera) => camera.deviceId !== ''),
      ({ deviceId }) => deviceId,
      ({ deviceId, label }, i) =>
        html`<option value=${deviceId}>${label || say('sources.camera-number', { number: i + 1 })}</option>`,
    );
    return this.#section(
      'camera',
      say('sources.camera'),
      html`<label><span class="sr-only">${say('sources.camera')}</span><select data-testid="camera-device">
        <option value="">${say(cameras.length === 0 ? 'sources.camera-default' : 'sources.camera-any')}</option>
        ${held ? facings : nothing}${options}
      </select></label>
      ${this.#go('open-camera', say('sources.use-camera'), request)}`,
    );
  }
}

customElements.define('cw-sources', CwSources);

declare global {
  interface HTMLElementTagNameMap {
    'cw-sources': CwSources;
  }
}

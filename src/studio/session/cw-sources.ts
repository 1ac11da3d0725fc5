/** The source menu: the simulated drive with its street and weather, a video file, a camera. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { DRIVE_MOODS, type DriveMood } from '../../drive/options';
import { filePicker, iconButton, named, textButton } from '../shell/controls';
import { type IconName, icon } from '../shell/icons';
import { CwMenu } from '../shell/menu';
import { take } from './drop';
import { type DriveWeather, FIRST_SEED, SEED_MAX, type SourceRequest } from './open-source';

/** Names of the moods. */
const MOOD_LABELS: Readonly<Record<DriveMood, string>> = {
  sun: 'Sun',
  overcast: 'Overcast',
  dusk: 'Dusk',
  rain: 'Rain',
  night: 'Night',
  'rain-night': 'Rain by night',
  snow: 'Snow',
  'snow-night': 'Snow by night',
  fog: 'Fog',
};

/** What a file chooser offers first; anything else can still be picked: videos are judged by their content. */
const RECORDING_FILES = 'video/*,image/*,.mp4,.m4v,.mov,.webm,.mkv,.masks,.ts,.png,.jpg,.zip,.gpx,.nmea,.gps';

const ICONS: Readonly<Record<SourceRequest['kind'], IconName>> = {
  drive: 'drive',
  file: 'file',
  camera: 'camera',
};

/** `<cw-sources>`: a button that shows the running source, and its menu. */
export class CwSources extends CwMenu {
  protected override readonly menu = 'sources';
  protected override readonly label = 'Source';
  /** The request that the fields were filled in from: what the user types stays until another source runs. */
  #filled: SourceRequest | undefined;
  #wasOpen = false;
  /** What became of the link that was asked for; empty before. */
  #copied = '';

  /** Opens the browser's own file chooser. */
  chooseFile(): void {
    this.#input<HTMLInputElement>('file-input').click();
  }

  protected override chip(): ReturnType<CwMenu['chip']> {
    const { playback } = this.state;
    const title = playback?.info.title ?? 'No source';
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
      where === 'clipboard' ? 'Link copied' : where === 'address' ? 'It stands in the address bar' : '';
    this.requestUpdate();
  }

  #section(kind: SourceRequest['kind'], name: string, content: TemplateResult): TemplateResult {
    const current = this.state.playback?.request.kind === kind;
    return html`<section class="menu-section ${current ? 'current' : ''}" data-kind=${kind}>
      <h2>${icon(ICONS[kind])}${name}<span class="running">running</span></h2>
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
      'Simulated drive',
      html`<div class="fields">
        <label><span>Street</span><span class="joined"><input
          type="number"
          min="0"
          max=${SEED_MAX}
          step="1"
          value=${FIRST_SEED}
          inputmode="numeric"
          data-testid="drive-seed"
        >${iconButton({ icon: 'dice', label: 'Another street', id: 'drive-dice', onclick: another })}</span></label>
        <label><span>Weather</span><select data-testid="drive-mood">
          <option value="any">As the street has it</option>
          ${DRIVE_MOODS.map((mood) => html`<option value=${mood}>${MOOD_LABELS[mood]}</option>`)}
        </select></label>
      </div>
      <div class="row">
        ${this.#go('open-drive', 'Drive', request)}
        <button
          type="button"
          class="button quiet"
          data-testid="copy-link"
          ?hidden=${this.state.playback?.request.kind !== 'drive'}
          @click=${() => void this.#copyLink()}
          ${named(this.#copied || 'Copy link to this moment')}
        >${this.#copied || 'Copy link to this moment'}</button>
      </div>`,
    );
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
      'Recording',
      html`<p class="hint">A video, or several of one drive; two to six cameras by their names; a folder of pictures with labels. Or drop them anywhere on the page.</p>
      <div class="row">
        ${textButton('open-file', 'Choose files…', () => this.chooseFile())}
        ${textButton('open-folder', 'Choose a folder…', () => this.#input<HTMLInputElement>('folder-input').click())}
      </div>
      ${this.#found()}
      ${filePicker({ id: 'file-input', label: 'Video files', accept: RECORDING_FILES, takes: 'several', onpick })}
      ${filePicker({ id: 'folder-input', label: 'Folder of videos or pictures', takes: 'folder', onpick })}`,
    );
  }

  /** Drives that were found in the files chosen last, where there was more than one. */
  #found(): TemplateResult {
    const { drives, playback } = this.state;
    const open = (request: SourceRequest) => {
      this.context.page.closeMenu('sources');
      void this.context.sources.open(request);
    };
    return html`<div ?hidden=${drives.length === 0} data-testid="drives-found">
      <p class="hint">Several drives were among the files:</p>
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
    const request = (): SourceRequest => ({
      kind: 'camera',
      deviceId: this.#input('camera-device').value || null,
    });
    const options = repeat(
      cameras.filter((camera) => camera.deviceId !== ''),
      ({ deviceId }) => deviceId,
      ({ deviceId, label }, i) => html`<option value=${deviceId}>${label || `Camera ${i + 1}`}</option>`,
    );
    return this.#section(
      'camera',
      'Camera',
      html`<label><span class="sr-only">Camera</span><select data-testid="camera-device">
        <option value="">${cameras.length === 0 ? 'Default camera' : 'Whichever the browser offers'}</option>
        ${options}
      </select></label>
      ${this.#go('open-camera', 'Use the camera', request)}`,
    );
  }
}

customElements.define('cw-sources', CwSources);

declare global {
  interface HTMLElementTagNameMap {
    'cw-sources': CwSources;
  }
}

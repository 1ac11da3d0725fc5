/** The source menu: the simulated drive with its street and weather, a video file, a camera. */
import { DRIVE_MOODS, type DriveMood } from '../../drive/options';
import { CwElement } from '../shell/base';
import { iconButton, nameControl } from '../shell/controls';
import { h, setText } from '../shell/dom';
import { type IconName, icon, setIcon } from '../shell/icons';
import { menuOf } from '../shell/menu';
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
const RECORDING_FILES = 'video/*,image/*,.mp4,.m4v,.mov,.webm,.mkv,.ts,.png,.jpg,.zip';

const ICONS: Readonly<Record<SourceRequest['kind'], IconName>> = {
  drive: 'drive',
  file: 'file',
  camera: 'camera',
};

/** `<cw-sources>`: a button that shows the running source, and its menu. */
export class CwSources extends CwElement {
  #file: HTMLInputElement | null = null;

  /** Opens the browser's own file chooser. */
  chooseFile(): void {
    this.#file?.click();
  }

  protected build(): void {
    const title = h('span', { class: 'chip-title', 'data-testid': 'source-title' });
    const { button, popover } = menuOf(this, {
      menu: 'sources',
      label: 'Source',
      icon: 'drive',
      content: [title],
      signal: this.signal,
    });
    const request = (kind: SourceRequest['kind']) => (r: SourceRequest | undefined) => r?.kind === kind;
    popover.append(this.#drive(), this.#video(), this.#camera());
    this.append(button, popover);
    this.watch(
      (s) => s.playback?.info.title,
      (text) => setText(title, text ?? 'No source'),
    );
    this.watch(
      (s) => s.playback?.request,
      (running) => {
        setIcon(button, ICONS[running?.kind ?? 'drive']);
        for (const section of popover.querySelectorAll<HTMLElement>('[data-kind]')) {
          const kind = section.dataset.kind as SourceRequest['kind'];
          section.classList.toggle('current', request(kind)(running));
        }
      },
    );
    this.watch(
      (s) => s.menu,
      (menu) => {
        if (menu === 'sources') void this.context.sources.refreshCameras();
      },
    );
    this.watch(
      (s) => s.opening !== null,
      (busy) => popover.setAttribute('aria-busy', String(busy)),
    );
  }

  #section(kind: SourceRequest['kind'], name: string, ...content: (Node | string)[]): HTMLElement {
    return h(
      'section',
      { class: 'menu-section', 'data-kind': kind },
      h('h3', {}, icon(ICONS[kind]), name, h('span', { class: 'running' }, 'running')),
      ...content,
    );
  }

  #go(id: string, label: string, request: () => SourceRequest): HTMLButtonElement {
    return h(
      'button',
      {
        type: 'button',
        class: 'button',
        // Not the field above it: that would raise the keyboard of a phone over half of the menu.
        autofocus: id === 'open-drive',
        'data-testid': id,
        onclick: () => {
          this.context.page.closeMenu('sources');
          void this.context.sources.open(request());
        },
      },
      label,
    );
  }

  #drive(): HTMLElement {
    const seed = h('input', {
      type: 'number',
      min: 0,
      max: SEED_MAX,
      step: 1,
      value: FIRST_SEED,
      inputmode: 'numeric',
      'data-testid': 'drive-seed',
    });
    const mood = h(
      'select',
      { 'data-testid': 'drive-mood' },
      h('option', { value: 'any' }, 'As the street has it'),
      ...DRIVE_MOODS.map((m) => h('option', { value: m }, MOOD_LABELS[m])),
    );
    const dice = iconButton({
      icon: 'dice',
      label: 'Another street',
      id: 'drive-dice',
      onclick: () => {
        seed.value = String(this.context.sources.randomSeed());
      },
    });
    this.watch(
      (s) => s.playback?.request,
      (running) => {
        if (running?.kind !== 'drive') return;
        seed.value = String(running.seed);
        mood.value = running.mood;
      },
    );
    const request = (): SourceRequest => {
      const asked = Math.round(seed.valueAsNumber);
      const valid = Number.isFinite(asked) && asked >= 0 && asked <= SEED_MAX;
      if (!valid) seed.value = String(FIRST_SEED);
      return { kind: 'drive', seed: valid ? asked : FIRST_SEED, mood: mood.value as DriveWeather };
    };
    return this.#section(
      'drive',
      'Simulated drive',
      h(
        'div',
        { class: 'fields' },
        h('label', {}, h('span', {}, 'Street'), h('span', { class: 'joined' }, seed, dice)),
        h('label', {}, h('span', {}, 'Weather'), mood),
      ),
      this.#go('open-drive', 'Drive', request),
    );
  }

  #video(): HTMLElement {
    const input = h('input', {
      type: 'file',
      accept: RECORDING_FILES,
      class: 'sr-only',
      tabindex: -1,
      'data-testid': 'file-input',
      onchange: () => {
        this.#chosen(input);
      },
      multiple: true,
    });
    nameControl(input, 'Video files');
    this.#file = input;
    const folder = h('input', {
      type: 'file',
      class: 'sr-only',
      tabindex: -1,
      webkitdirectory: true,
      'data-testid': 'folder-input',
      onchange: () => this.#chosen(folder),
    });
    nameControl(folder, 'Folder of videos or pictures');
    return this.#section(
      'file',
      'Recording',
      h(
        'p',
        { class: 'hint' },
        'A video, or several of one drive; front and rear by their names; a folder of pictures with labels. Or drop them anywhere on the page.',
      ),
      h(
        'div',
        { class: 'row' },
        this.#choose('open-file', 'Choose files…', () => this.chooseFile()),
        this.#choose('open-folder', 'Choose a folder…', () => folder.click()),
      ),
      input,
      folder,
    );
  }

  #choose(id: string, label: string, onclick: () => void): HTMLButtonElement {
    return h('button', { type: 'button', class: 'button', 'data-testid': id, onclick }, label);
  }

  #chosen(input: HTMLInputElement): void {
    const files = [...(input.files ?? [])].map((file) => ({
      path: file.webkitRelativePath || file.name,
      file,
    }));
    // Emptied, so that choosing the same file again is a change again.
    input.value = '';
    this.context.page.closeMenu('sources');
    take(this.context, files);
  }

  #camera(): HTMLElement {
    const device = h('select', { 'data-testid': 'camera-device' });
    this.watch(
      (s) => s.cameras,
      (cameras) => {
        const now = device.value;
        device.replaceChildren(
          h(
            'option',
            { value: '' },
            cameras.length === 0 ? 'Default camera' : 'Whichever the browser offers',
          ),
          ...cameras
            .filter((c) => c.deviceId !== '')
            .map((c, i) => h('option', { value: c.deviceId }, c.label || `Camera ${i + 1}`)),
        );
        device.value = cameras.some((c) => c.deviceId === now) ? now : '';
      },
    );
    return this.#section(
      'camera',
      'Camera',
      h('label', {}, h('span', { class: 'sr-only' }, 'Camera'), device),
      this.#go('open-camera', 'Use the camera', () => ({ kind: 'camera', deviceId: device.value || null })),
    );
  }
}

customElements.define('cw-sources', CwSources);

declare global {
  interface HTMLElementTagNameMap {
    'cw-sources': CwSources;
  }
}

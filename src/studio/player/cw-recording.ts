/**
 * The row of a recording, between picture and bar: steps, speed, range, and the exact time. Hidden while something
 * else runs.
 */
import type { RecordingPart } from '../../sources/source';
import { SEEK_FAR, SEEK_STEP } from '../session/source-actions';
import type { Playback, StudyState } from '../shell/app-state';
import { CwElement } from '../shell/base';
import { h, setText } from '../shell/dom';
import { formatClock, formatCount, formatExact, formatMoment, formatRate } from '../shell/format';
import { type IconName, icon } from '../shell/icons';
import type { KeyAction } from '../shell/keys';
import { NOTE_MAX } from '../shell/saved';
import { markAt } from './mark-actions';
import { SPEEDS } from './player-actions';
import '../analysis/cw-export';
import './cw-timeline';
import { iconButton, nameControl } from '../shell/controls';

/** `<cw-recording>` */
export class CwRecording extends CwElement {
  protected build(): void {
    const timeline = h('cw-timeline');
    const exporting = h('cw-export');
    timeline.context = this.context;
    exporting.context = this.context;
    this.append(
      timeline,
      h(
        'div',
        { class: 'recording-row', role: 'group', 'aria-label': 'Recording' },
        this.#steps(),
        this.#speed(),
        this.#sound(),
        this.#range(),
        this.#offset(),
        this.#mark(),
        this.#analysis(),
        this.#labels(),
        exporting,
        this.#clock(),
      ),
    );
    this.watch(
      (s) => s.playback?.canStep === true,
      (recording) => {
        this.hidden = !recording;
      },
    );
  }

  #steps(): HTMLElement {
    const { player, sources } = this.context;
    return h(
      'div',
      { class: 'row joined' },
      textButton('back-far', '−10 s', '10 seconds back', 'back-far', () => sources.seekBy(-SEEK_FAR)),
      textButton('back', '−1 s', '1 second back', 'back', () => sources.seekBy(-SEEK_STEP)),
      this.#icon('frame-back', 'One frame back', () => player.step(-1)),
      this.#icon('frame-forward', 'One frame on', () => player.step(1)),
      textButton('forward', '+1 s', '1 second on', 'forward', () => sources.seekBy(SEEK_STEP)),
      textButton('forward-far', '+10 s', '10 seconds on', 'forward-far', () => sources.seekBy(SEEK_FAR)),
    );
  }

  #speed(): HTMLElement {
    const back = h('option', { value: 'back', hidden: true }, 'Back');
    const select = h(
      'select',
      {
        'data-testid': 'speed',
        onchange: () => void this.context.player.setRate(Number(select.value)),
      },
      back,
      ...SPEEDS.map((rate) => h('option', { value: rate }, `${rate} ×`)),
    );
    nameControl(select, 'Speed');
    this.watch(
      (s) => s.playback?.rate ?? 1,
      (rate) => {
        back.hidden = rate > 0;
        if (rate < 0) setText(back, `−${-rate} ×`);
        select.value = rate < 0 ? 'back' : String(rate);
      },
    );
    return select;
  }

  #sound(): HTMLElement {
    const { store } = this.context;
    const button = iconButton({
      icon: 'sound',
      label: 'Sound',
      id: 'sound',
      onclick: () => store.update({ sound: !store.state.sound }),
    });
    this.watch(
      (s) => s.sound,
      (on) => button.setAttribute('aria-pressed', String(on)),
    );
    return button;
  }

  #range(): HTMLElement {
    const { player } = this.context;
    const text = h('span', { class: 'figure muted', 'data-testid': 'range' });
    const clear = this.#icon('range-clear', 'No range', () => player.setRange(null), 'close');
    this.watch(
      (s) => s.playback?.range ?? null,
      (range) => {
        clear.hidden = range === null;
        setText(text, range ? `${formatExact(range.from)} – ${formatExact(range.to)}` : '');
      },
    );
    return h(
      'div',
      { class: 'row' },
      h(
        'div',
        { class: 'joined', role: 'group', 'aria-label': 'Range' },
        this.#icon('range-from', 'The range begins here', () => player.beginRange()),
        this.#icon('range-to', 'The range ends here', () => player.endRange()),
      ),
      text,
      clear,
    );
  }

  /** Of several cameras: by how much the clocks of the others are ahead of the first one's. */
  #offset(): HTMLElement {
    const input = h('input', {
      type: 'number',
      step: 0.1,
      class: 'offset',
      'data-testid': 'rear-offset',
      onchange: () => {
        if (Number.isFinite(input.valueAsNumber)) void this.context.player.setRearOffset(input.valueAsNumber);
      },
    });
    nameControl(input, 'Seconds by which the other cameras are ahead');
    const label = h('label', { class: 'row' }, h('span', { class: 'muted' }, 'Others'), input, 's');
    this.watch(
      (s) => s.playback?.request,
      (request) => {
        const pair = request?.kind === 'file' && request.parts.kind === 'cameras' ? request.parts : null;
        label.hidden = pair === null;
        if (pair) input.value = String(pair.offset);
      },
    );
    return label;
  }

  /** Marks the picture; while a marked one stands, its note can be written. */
  #mark(): HTMLElement {
    const { marks } = this.context;
    const button = iconButton({
      icon: 'mark',
      label: 'Mark this picture',
      id: 'mark',
      action: 'mark',
      onclick: () => marks.toggle(),
    });
    const note = h('input', {
      type: 'text',
      maxlength: NOTE_MAX,
      placeholder: 'Note',
      class: 'note',
      'data-testid': 'note',
      onchange: () => marks.write(note.value),
    });
    nameControl(note, 'Note of this mark');
    this.watch(
      (s) => markAt(s.marks, s.playback?.seconds ?? Number.NaN),
      (mark) => {
        note.hidden = mark === undefined;
        if (document.activeElement !== note) note.value = mark?.note ?? '';
        button.setAttribute('aria-pressed', String(mark !== undefined));
      },
    );
    return h('div', { class: 'row' }, button, note);
  }

  #analysis(): HTMLElement {
    const text = h('span', {});
    const button = h(
      'button',
      {
        type: 'button',
        class: 'button quiet',
        'data-testid': 'analyse',
        onclick: () => void this.context.study.toggleAnalysis(),
      },
      icon('chart'),
      text,
    );
    const state = h('span', { class: 'figure muted', role: 'status', 'data-testid': 'analysis-state' });
    this.watch(
      (s) => s.study.analysis,
      (analysis) => {
        setText(text, analysis.running ? 'Stop' : analysis.complete ? 'Analysed' : 'Analyse');
        button.disabled = analysis.complete;
        nameControl(button, analysis.running ? 'Stop the analysis' : 'Analyse the whole recording');
        setText(state, analysisText(analysis));
      },
    );
    return h('div', { class: 'row' }, button, state);
  }

  #labels(): HTMLElement {
    const input = h('input', {
      type: 'file',
      accept: '.zip',
      class: 'sr-only',
      tabindex: -1,
      'data-testid': 'labels-input',
      onchange: () => {
        const file = input.files?.[0];
        input.value = '';
        if (file) void this.context.compare.openLabels(file, file.name);
      },
    });
    nameControl(input, 'Labels of this recording');
    const button = h('button', { type: 'button', class: 'button quiet', 'data-testid': 'labels' }, 'Labels');
    button.addEventListener('click', () => {
      if (this.context.store.state.study.labels) void this.context.compare.openLabels(null, '');
      else input.click();
    });
    this.watch(
      (s) => s.study.labels,
      (labels) => {
        setText(button, labels ? `${formatCount(labels.count)} labels ×` : 'Labels');
        const what = labels
          ? `Take the labels of ${labels.name} away`
          : 'Compare with labels (a ZIP of PNG files)';
        nameControl(button, what);
      },
    );
    return h('div', { class: 'row' }, button, input);
  }

  #clock(): HTMLElement {
    const time = h('span', { class: 'figure', 'data-testid': 'exact-time' });
    const frame = h('span', { class: 'figure muted', 'data-testid': 'frame-number' });
    const moment = h('span', {
      class: 'figure muted',
      'data-testid': 'moment',
      title: 'By the recorder’s own clock, as the file has it (UTC, or what the recorder takes for it)',
    });
    this.watch(
      (s) => s.playback,
      (playback) => {
        setText(time, formatExact(playback?.seconds));
        setText(frame, frameText(playback));
        const at = momentOf(playback);
        moment.hidden = at === null;
        setText(moment, formatMoment(at));
      },
    );
    return h('div', { class: 'row recording-clock' }, moment, time, frame);
  }

  #icon(
    action: KeyAction,
    label: string,
    use: () => Promise<void>,
    image = action as IconName,
  ): HTMLButtonElement {
    return iconButton({ icon: image, label, id: action, action, onclick: () => void use() });
  }
}

function textButton(
  id: string,
  text: string,
  label: string,
  action: KeyAction,
  onclick: () => void,
): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'button quiet', 'data-testid': id, onclick }, text);
  nameControl(button, label, action);
  return button;
}

/** How far an analysis is; empty when there is nothing to say. */
function analysisText({ running, complete, frames, share, rate, left }: StudyState['analysis']): string {
  if (complete) return `${formatCount(frames)} frames`;
  if (!running) return frames > 0 ? `${Math.floor(share * 100)} % kept` : '';
  const time = left === null ? '' : `, ${formatClock(Math.ceil(left))} left`;
  return `${Math.floor(share * 100)} %, ${formatRate(rate)} a second${time}`;
}

/** The part of a recording of several files that is shown; undefined where there is one. */
function partOf(playback: Playback | null): RecordingPart | undefined {
  return playback?.info.parts?.findLast(({ start }) => start <= playback.seconds + 1e-3);
}

/** The recorder's clock, in milliseconds since 1970; between the files of a drive it may have stood still or jumped. */
function momentOf(playback: Playback | null): number | null {
  if (!playback) return null;
  const { began, start } = partOf(playback) ?? { began: playback.info.began, start: 0 };
  return began === undefined ? null : began + 1000 * (playback.seconds - start);
}

/**
 * Number of the frame, from 0, which only a steady rate lets be told from the time; of several files, with the one it is
 * in.
 */
function frameText(playback: Playback | null): string {
  const rate = playback?.info.frameRate;
  const part = partOf(playback)?.name;
  if (part) return part;
  return playback && rate ? `frame ${Math.floor(playback.seconds * rate + 1e-3)}` : '';
}

customElements.define('cw-recording', CwRecording);

declare global {
  interface HTMLElementTagNameMap {
    'cw-recording': CwRecording;
  }
}

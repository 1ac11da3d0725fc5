/**
 * The row of a recording, between picture and bar: steps, speed, range, and the exact time. Hidden while something
 * else runs.
 */

import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { labelParts } from '../../labels/label-parts';
import type { RecordingPart } from '../../sources/source';
import { say } from '../../words/words';
import { choiceOf } from '../cameras/camera-actions';
import { CAMERA_LAYOUTS } from '../cameras/camera-layout';
import { SEEK_FAR, SEEK_STEP } from '../session/source-actions';
import type { AnalysisState, Playback } from '../session/source-session';
import { filePicker, iconButton, named, segmented } from '../shell/controls';
import { CwElement } from '../shell/element';
import { formatClock, formatCount, formatExact, formatMoment, formatRate } from '../shell/format';
import { type IconName, icon } from '../shell/icons';
import { actionWords, type KeyAction } from '../shell/keys';
import { NOTE_MAX } from '../shell/saved';
import { markAt } from './marks';
import { SPEEDS } from './player-actions';
import '../analysis/cw-export';
import './cw-timeline';
import { cameraLabel } from '../shell/names';

/** `<cw-recording>` */
export class CwRecording extends CwElement {
  protected override render(): TemplateResult {
    const { context } = this;
    this.hidden = this.state.playback?.canStep !== true;
    return html`<cw-timeline .context=${context}></cw-timeline>
      <div class="recording-row" role="group" aria-label=${say('player.row')}>
        ${this.#cameras()}${this.#steps()}${this.#speed()}${this.#sound()}${this.#range()}${this.#offset()}${this.#mark()}
        ${this.#analysis()}${this.#labels()}<cw-export .context=${context}></cw-export>${this.#clock()}
      </div>`;
  }

  #steps(): TemplateResult {
    const { player, sources } = this.context;
    return html`<div class="row joined">
      ${textButton('back-far', -SEEK_FAR, () => sources.seekBy(-SEEK_FAR))}
      ${textButton('back', -SEEK_STEP, () => sources.seekBy(-SEEK_STEP))}
      ${actionButton('frame-back', () => player.step(-1))}
      ${actionButton('frame-forward', () => player.step(1))}
      ${textButton('forward', SEEK_STEP, () => sources.seekBy(SEEK_STEP))}
      ${textButton('forward-far', SEEK_FAR, () => sources.seekBy(SEEK_FAR))}
    </div>`;
  }

  /** How the pictures of several cameras stand. */
  #cameras(): TemplateResult {
    const { cameras } = this.context;
    return html`<div class="row" ?hidden=${this.state.rig.length < 2}>${segmented({
      label: say('cameras.layout'),
      id: 'camera-layout',
      items: CAMERA_LAYOUTS.map((value) => ({ value, label: say(`cameras.${value}`) })),
      value: choiceOf(this.state).layout,
      onchange: (layout) => cameras.setLayout(layout),
      title: say('cameras.layout-hint'),
    })}</div>`;
  }

  #speed(): TemplateResult {
    const rate = this.state.playback?.rate ?? 1;
    const choose = ({ target }: Event) =>
      void this.context.player.setRate(Number((target as HTMLSelectElement).value));
    return html`<select data-testid="speed" @change=${choose} ${named(say('player.speed'))}>
      <option value="back" ?hidden=${rate > 0} .selected=${live(rate < 0)}>${rate < 0 ? `−${-rate} ×` : say('player.back')}</option>
      ${SPEEDS.map((speed) => html`<option value=${speed} .selected=${live(speed === rate)}>${speed} ×</option>`)}
    </select>`;
  }

  #sound(): TemplateResult {
    const { sound } = this.state;
    return iconButton({
      icon: 'sound',
      label: say('player.sound'),
      id: 'sound',
      onclick: () => this.context.store.update({ sound: !sound }),
      pressed: sound,
    });
  }

  #range(): TemplateResult {
    const { player } = this.context;
    const range = this.state.playback?.range ?? null;
    return html`<div class="row">
      <div class="joined" role="group" aria-label=${say('player.range')}>
        ${actionButton('range-from', () => player.beginRange())}
        ${actionButton('range-to', () => player.endRange())}
      </div>
      <span class="figure muted" data-testid="range">${
        range ? `${formatExact(range.from)} – ${formatExact(range.to)}` : ''
      }</span>
      ${actionButton('range-clear', () => player.setRange(null), 'close', range === null)}
    </div>`;
  }

  /** Of several cameras: by how much the clocks of the others are ahead of the first one's. */
  #offset(): TemplateResult {
    const request = this.state.playback?.request;
    const pair = request?.kind === 'file' && request.parts.kind === 'cameras' ? request.parts : null;
    const change = ({ target }: Event) => {
      const { valueAsNumber } = target as HTMLInputElement;
      if (Number.isFinite(valueAsNumber)) void this.context.player.setRearOffset(valueAsNumber);
    };
    return html`<label class="row" ?hidden=${pair === null}><span class="muted">${say('player.others')}</span><input
      type="number"
      step="0.1"
      class="offset"
      data-testid="rear-offset"
      .value=${String(pair?.offset ?? '')}
      @change=${change}
      ${named(say('player.offset'))}
    >s</label>`;
  }

  /** Marks the picture; while a marked one stands, its note can be written. */
  #mark(): TemplateResult {
    const { marks } = this.context;
    const mark = markAt(this.state.marks, this.state.playback?.seconds ?? Number.NaN);
    return html`<div class="row">${iconButton({
      icon: 'mark',
      label: say('frame.mark'),
      id: 'mark',
      action: 'mark',
      onclick: () => marks.toggle(),
      pressed: mark !== undefined,
    })}<input
      type="text"
      maxlength=${NOTE_MAX}
      placeholder=${say('player.note')}
      class="note"
      data-testid="note"
      ?hidden=${mark === undefined}
      @change=${({ target }: Event) => marks.write((target as HTMLInputElement).value)}
      ${named(say('player.note-label'))}
    ></div>`;
  }

  protected override updated(): void {
    const note = this.querySelector<HTMLInputElement>('.note')!;
    const mark = markAt(this.state.marks, this.state.playback?.seconds ?? Number.NaN);
    // What is being written stays.
    if (document.activeElement !== note) note.value = mark?.note ?? '';
  }

  #analysis(): TemplateResult {
    const { analysis } = this.state;
    const { running, complete } = analysis;
    const phase = running ? 'stop' : complete ? 'done' : 'start';
    const { rig, chosen } = this.state;
    const camera = rig.length > 1 ? ` (${cameraLabel(rig[chosen]?.name ?? '')})` : '';
    return html`<div class="row">
      <button
        type="button"
        class="button quiet"
        data-testid="analyse"
        data-phase=${phase}
        aria-disabled=${complete}
        @click=${() => {
          // Not `disabled`: what has the focus keeps it when the analysis is complete.
          if (!complete) void this.context.study.toggleAnalysis();
        }}
        ${named(`${say(`analysis.${phase}-label`)}${camera}`)}
      >${icon('chart')}<span>${say(`analysis.${phase}`)}</span></button>
      <span class="figure muted" role="status" data-testid="analysis-state">${analysisText(analysis)}</span>
    </div>`;
  }

  #labels(): TemplateResult {
    const { labels } = this.state;
    const { compare } = this.context;
    const click = () => {
      if (labels) void compare.openLabels(null, '');
      else this.querySelector<HTMLInputElement>('[data-testid=labels-input]')?.click();
    };
    const text = labels ? say('labels.count', { count: formatCount(labels.count) }) : say('labels.button');
    return html`<div class="row">
      <button type="button" class="button quiet" data-testid="labels" @click=${click}
        ${named(labels ? say('labels.take-away', { text, name: labels.name }) : say('labels.hint'))}
      >${text}</button>${filePicker({
        id: 'labels-input',
        label: say('labels.file-label'),
        accept: '.zip,.json,.png',
        onpick: ([file]) => void compare.openLabels(labelParts(file), file.name),
      })}
    </div>`;
  }

  #clock(): TemplateResult {
    const { playback } = this.state;
    const at = momentOf(playback);
    return html`<div class="row recording-clock">
      <span
        class="figure muted"
        data-testid="moment"
        title=${say('player.moment-hint')}
        ?hidden=${at === null}
      >${formatMoment(at, zoneOf(playback))}</span>
      <span class="figure" data-testid="exact-time">${formatExact(playback?.seconds)}</span>
      <span class="figure muted" data-testid="frame-number">${frameText(playback)}</span>
    </div>`;
  }
}

/** A button for an action that has a key and a picture. */
function actionButton(
  action: KeyAction,
  use: () => Promise<void>,
  image = action as IconName,
  hidden = false,
): TemplateResult {
  return iconButton({
    icon: image,
    label: actionWords(action),
    id: action,
    action,
    onclick: () => void use(),
    hidden,
  });
}

/** A jump by so many seconds. */
function textButton(action: KeyAction, seconds: number, onclick: () => void): TemplateResult {
  const text = say(seconds < 0 ? 'player.seconds-back' : 'player.seconds-on', { seconds: Math.abs(seconds) });
  return html`<button
    type="button"
    class="button quiet"
    data-testid=${action}
    @click=${onclick}
    ${named(say('player.step-label', { text, what: actionWords(action) }), action)}
  >${text}</button>`;
}

/** How far an analysis is; what it is for, before there is one. */
function analysisText({ running, complete, frames, share, rate, left }: AnalysisState): string {
  if (complete) return say('analysis.frames', { frames: formatCount(frames) });
  const percent = Math.floor(share * 100);
  if (!running) return frames > 0 ? say('analysis.kept', { percent }) : say('analysis.none');
  const told = { percent, rate: formatRate(rate) };
  if (left === null) return say('analysis.running', told);
  return say('analysis.running-left', { ...told, time: formatClock(Math.ceil(left)) });
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

/** The recorder's zone, in minutes ahead of UTC; null when it did not say. */
function zoneOf(playback: Playback | null): number | null {
  return (partOf(playback) ?? playback?.info)?.beganZone ?? null;
}

/** Number of the frame that stands, from 0, as the recording counts; of several files, the one it is in. */
function frameText(playback: Playback | null): string {
  const part = partOf(playback)?.name;
  if (part) return part;
  const { frame } = playback ?? {};
  return frame && frame.seconds === playback?.seconds ? say('player.frame', { number: frame.number }) : '';
}

customElements.define('cw-recording', CwRecording);

/** How the element looks; nothing of it leaks out, and the page changes it by custom properties and parts. */
import { css } from 'lit';

export const STYLE = css`
  :host {
    display: block;
    position: relative;
    aspect-ratio: 16 / 9;
    overflow: hidden;
    background: var(--carriageway-background, #0b0e11);
    color: var(--carriageway-colour, #e8edf2);
    font: var(--carriageway-font, 14px/1.4 system-ui, sans-serif);
  }
  :host([hidden]) {
    display: none;
  }
  :host(:focus-visible) {
    outline: 2px solid var(--carriageway-accent, #5ac8fa);
    outline-offset: 2px;
  }
  .picture,
  .picture canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .notice {
    position: absolute;
    inset: auto 0 0 0;
    margin: 0;
    padding: 8px 12px;
    background: rgb(11 14 17 / 0.86);
  }
  .controls + .notice {
    bottom: 44px;
  }
  .controls {
    position: absolute;
    inset: auto 0 0 0;
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
    padding: 0 8px;
    background: linear-gradient(transparent, rgb(11 14 17 / 0.86));
  }
  .controls input {
    flex: 1;
    min-width: 40px;
    accent-color: var(--carriageway-accent, #5ac8fa);
  }
  .controls button,
  .controls select {
    min-height: 32px;
    border: 1px solid rgb(232 237 242 / 0.35);
    border-radius: 6px;
    background: rgb(11 14 17 / 0.7);
    color: inherit;
    font: inherit;
  }
  .controls :focus-visible {
    outline: 2px solid var(--carriageway-accent, #5ac8fa);
    outline-offset: 1px;
  }
`;

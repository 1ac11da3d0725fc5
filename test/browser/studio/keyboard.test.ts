import { describe, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { DEFAULT_VIEW } from '../../../src/overlay/view';
import { classKey } from '../../../src/studio/shell/keys';
import { CLASSES } from '../../../src/taxonomy/classes';
import { requestOf } from '../../fakes/request';
import { openPage, type Page, settled } from './harness';

const state = (page: Page) => page.app.context.store.state;

async function press(keys: string): Promise<void> {
  (document.activeElement as HTMLElement | null)?.blur();
  await userEvent.keyboard(keys);
  await settled();
}

describe('keys', () => {
  test('change the overlay', async () => {
    const page = await openPage();
    await press('m');
    expect(state(page).view.mode).toBe('confidence');
    await press('[[[[');
    expect(state(page).view.opacity).toBe(0.4);
    await press(']');
    expect(state(page).view.opacity).toBe(0.45);
    await press('o');
    expect(state(page).view.outline).toBe(false);
    await press('c');
    expect(state(page).palette).toBe('classic');
    await press('y');
    expect(state(page).view.sync).toBe('live');
    await press('v');
    expect(state(page).view.split).toBe(0.5);
    await press('{Shift>}{ArrowLeft}{/Shift}');
    expect(state(page).view.split).toBe(0.45);
  });

  test('show and hide each class', async () => {
    const page = await openPage();
    await press('1234567890-=');
    expect(state(page).view.visible).toEqual(CLASSES.map(() => false));
    await press('9');
    expect(state(page).view.visible[8]).toBe(true);
  });

  test('open again what is just being closed', async () => {
    const page = await openPage();
    const key = (key: string) =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    key('?');
    const sheet = document.querySelector<HTMLDialogElement>('[data-testid=keys-sheet]')!;
    await expect.poll(() => sheet.open).toBe(true);
    // As Escape closes it; its event comes in a later task.
    sheet.requestClose();
    key('?');
    await expect.poll(() => sheet.open && state(page).menu).toBe('keys');
    sheet.requestClose();
    await new Promise((resolve) => sheet.addEventListener('close', resolve, { once: true }));
    expect(state(page).menu).toBeNull();

    key('u');
    const menu = document.querySelector<HTMLElement>('[data-testid=menu-sources]')!;
    const isOpen = () => menu.matches(':popover-open');
    await expect.poll(isOpen).toBe(true);
    menu.hidePopover();
    key('u');
    await expect.poll(() => isOpen() && state(page).menu).toBe('sources');
    menu.hidePopover();
    await new Promise((resolve) => menu.addEventListener('toggle', resolve, { once: true }));
    expect(state(page).menu).toBeNull();
  });

  test('play, seek and repeat a file', async () => {
    const page = await openPage();
    await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
    const source = page.world.sources.at(-1)!;
    source.emit({ type: 'time', seconds: 20, playing: true });
    await press('{ArrowRight}');
    await press('{ArrowLeft}{ArrowLeft}');
    await press(' ');
    await press('k');
    await press('r');
    await press('{Home}');
    expect(source.did).toEqual(['seek 21', 'seek 20', 'seek 19', 'pause', 'play', 'loop true', 'seek 0']);
  });

  test('a step begins where a jump leads that still waits for the one before it', async () => {
    const page = await openPage();
    await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
    const source = page.world.sources.at(-1)!;
    source.emit({ type: 'time', seconds: 20, playing: false });
    let arrive = () => {};
    source.arrival = new Promise((resolve) => {
      arrive = resolve;
    });
    await press('{PageDown}');
    await press('{Home}');
    await press('.');
    expect(source.did).toEqual(['seek 30']);
    arrive();
    await expect.poll(() => source.did).toEqual(['seek 30', 'seek 0', 'step 1']);
  });

  test('step, shuttle and mark a range of a recording; of a camera, nothing', async () => {
    const page = await openPage();
    await page.app.context.sources.open(requestOf(new File(['x'], 'clip.mp4')));
    const source = page.world.sources.at(-1)!;
    source.emit({ type: 'time', seconds: 20, playing: true });
    await press(',');
    await press('..');
    await press('{PageDown}');
    await press('{PageUp}');
    expect(source.did.splice(0)).toEqual(['step -1', 'step 1', 'step 1', 'seek 30', 'seek 20']);
    expect(state(page).playback?.playing).toBe(false);
    await press('l');
    await press('l');
    await press('j');
    await press('j');
    expect(source.did.splice(0)).toEqual(['rate 1', 'play', 'rate 2', 'rate -1', 'rate -2']);
    await press('i');
    source.emit({ type: 'time', seconds: 25, playing: false });
    await press('p');
    expect(page.get('range').textContent).toBe('0:20.000 – 0:25.000');
    await press('x');
    expect(source.did.splice(0)).toEqual(['range 20 90', 'range 20 25', 'range none']);
    await page.app.context.sources.open({ kind: 'camera', deviceId: null });
    await press('.lip');
    expect(page.world.sources.at(-1)!.did).toEqual([]);
    expect(page.get('back-far').checkVisibility()).toBe(false);
  });

  test('open sources, menus, the region editor, the details', async () => {
    const page = await openPage();
    await press('d');
    expect(state(page).playback?.request).toMatchObject({ kind: 'drive', seed: 500 });
    await press('w');
    expect(state(page).playback?.info.kind).toBe('camera');
    await press('u');
    expect(page.get('menu-sources').matches(':popover-open')).toBe(true);
    await press('{Escape}');
    expect(page.get('menu-sources').matches(':popover-open')).toBe(false);
    expect(state(page).menu).toBeNull();
    await press('n');
    expect(page.get('menu-models').matches(':popover-open')).toBe(true);
    await press('{Escape}');
    await press('b');
    expect(state(page).editingRegion).toBe(true);
    await press('{Escape}');
    expect(state(page).editingRegion).toBe(false);
    await press('h');
    expect(page.get<HTMLDetailsElement>('details').open).toBe(true);
  });

  test('save snapshots with and without the overlay', async () => {
    const page = await openPage();
    await press('s');
    await press('{Shift>}s{/Shift}');
    expect(page.world.downloads.map((d) => d.name.replace(/\d{4}.*\d/, 'T'))).toEqual([
      'Simulated-drive-1-T.png',
      'Simulated-drive-1-T-raw.png',
    ]);
    expect(await page.world.downloads[1]!.blob.text()).toBe('raw');
  });

  test('leave text fields alone', async () => {
    const page = await openPage();
    page.app.context.page.toggleMenu('sources');
    await settled();
    page.get('drive-seed').focus();
    await userEvent.keyboard('12m');
    expect(state(page).view.visible).toEqual(DEFAULT_VIEW.visible);
    expect(state(page).view.mode).toBe('classes');
  });

  test('leave the arrows to sliders and the space bar to buttons', async () => {
    const page = await openPage();
    page.get('opacity').focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(state(page).view.opacity).toBe(0.51);
    page.get('split').focus();
    await userEvent.keyboard(' ');
    expect(state(page).view.split).toBe(0.5);
    expect(page.world.sources[0]!.did).toEqual([]);
  });

  test('do nothing once they are switched off, except for space; and this is remembered', async () => {
    const page = await openPage();
    await press('?');
    page.get('keys-on').click();
    await press('{Escape}');
    await press('m');
    expect(state(page).view.mode).toBe('classes');
    await press(' ');
    expect(page.world.sources[0]!.did).toEqual(['pause']);
    expect([...page.world.storage.entries.values()]).toEqual(['false']);
  });

  test('a held switch switches once, a held step goes on', async () => {
    const page = await openPage();
    const hold = (key: string) =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, repeat: true, bubbles: true }));
    hold('m');
    expect(state(page).view.mode).toBe('classes');
    hold(']');
    hold(']');
    expect(state(page).view.opacity).toBe(0.6);
  });
});

describe('the sheet of keys', () => {
  test('opens with ?, lists every class that has a key by name, closes with Escape', async () => {
    const page = await openPage();
    const sheet = page.get<HTMLDialogElement>('keys-sheet');
    await press('?');
    expect(sheet.open).toBe(true);
    for (const { id, name } of CLASSES) if (classKey(id)) expect(sheet.textContent).toContain(name);
    await userEvent.keyboard('m');
    expect(state(page).view.mode).toBe('classes');
    await userEvent.keyboard('{Escape}');
    await settled();
    expect(sheet.open).toBe(false);
    expect(state(page).menu).toBeNull();
  });

  test('opens and closes by its buttons', async () => {
    const page = await openPage();
    const sheet = page.get<HTMLDialogElement>('keys-sheet');
    page.get('keys').click();
    expect(sheet.open).toBe(true);
    sheet.querySelector<HTMLButtonElement>('[aria-label=Close]')!.click();
    await settled();
    expect(sheet.open).toBe(false);
    page.get('keys').click();
    expect(sheet.open).toBe(true);
  });
});

/** The dashboard's alarms, with a room of a few lines. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AlarmDesk, alarmWords } from '../../../src/dashboard/alarm-desk';
import type { Alarm } from '../../../src/live/alarms';

const ALARM: Alarm = {
  id: 'x',
  room: 'a',
  kind: 'free',
  level: 'alarm',
  vehicle: 'v',
  name: 'Van',
  value: 5.04,
  at: 1_772_360_000_000,
  acknowledged: null,
};

let desk: AlarmDesk;
const actions = { raise: vi.fn(), acknowledge: vi.fn() };

beforeEach(() => {
  desk = new AlarmDesk(actions);
  document.body.append(desk.button, desk.news, desk.element);
});
afterEach(() => {
  desk.dispose();
  document.body.replaceChildren();
  vi.clearAllMocks();
});

test('an alarm is counted, said and listed, and somebody sees to it by the keyboard', () => {
  expect(desk.element.hidden).toBe(true);
  desk.hear(ALARM);
  desk.hear({ ...ALARM, id: 'y', kind: 'frozen', level: 'warning', name: 'Bus' });
  expect(desk.button.textContent).toBe('Alarms (2)');
  expect(desk.news.textContent).toBe('Bus: Frozen');
  desk.button.click();
  expect(desk.element.hidden).toBe(false);
  const lines = [...desk.element.querySelectorAll<HTMLElement>('[data-alarm]')];
  expect(lines.map(({ dataset }) => [dataset.alarm, dataset.level])).toEqual([
    ['y', 'warning'],
    ['x', 'alarm'],
  ]);
  const button = lines[1]!.querySelector('button')!;
  expect(button.getAttribute('aria-label')).toBe('See to Little room: 5 m, Van');
  button.focus();
  button.click();
  expect(actions.acknowledge).toHaveBeenCalledWith('x');
  // Another alarm does not take the keyboard away.
  desk.hear({ ...ALARM, id: 'z' });
  expect(document.activeElement?.closest<HTMLElement>('[data-alarm]')?.dataset.alarm).toBe('x');
  desk.hear({ ...ALARM, acknowledged: { by: 'Ann', at: ALARM.at + 1000 } });
  expect(desk.element.querySelector('[data-alarm="x"]')?.textContent).toContain('seen to by Ann');
  expect(desk.button.textContent).toBe('Alarms (2)');
});

test('no more than fifty are kept, and none of a room before', () => {
  for (let i = 0; i < 60; i++) desk.hear({ ...ALARM, id: String(i) });
  expect(desk.element.querySelectorAll('[data-alarm]')).toHaveLength(50);
  desk.meet([], [ALARM]);
  expect(desk.element.querySelectorAll('[data-alarm]')).toHaveLength(1);
});

test('the sound is off until somebody asks for it', () => {
  const tones = vi.spyOn(AudioContext.prototype, 'createOscillator');
  desk.hear(ALARM);
  expect(tones).not.toHaveBeenCalled();
  desk.element.querySelector<HTMLInputElement>('[data-testid="alarm-sound"]')!.click();
  desk.hear({ ...ALARM, id: 'y' });
  expect(tones).toHaveBeenCalledOnce();
  tones.mockRestore();
});

test.each([
  [{ kind: 'drivable', value: 0.071 }, 'Little road: 7 %'],
  [{ kind: 'late', value: 812.34 }, 'Late: 812.3 ms'],
  [{ kind: 'path', value: 2 }, 'In the path: 2'],
  [{ kind: 'frozen', value: 1 }, 'Frozen'],
] as const)('%j is said as %s', (alarm, words) => expect(alarmWords(alarm)).toBe(words));

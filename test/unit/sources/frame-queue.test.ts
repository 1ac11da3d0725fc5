import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameQueue, type QueuedFrame } from '../../../src/sources/recording/frame-queue';

class Fake implements QueuedFrame {
  closed = 0;
  constructor(readonly seconds: number) {}
  close(): void {
    this.closed++;
  }
}

function filled(...times: number[]): { queue: FrameQueue<Fake>; frames: Fake[] } {
  const queue = new FrameQueue<Fake>(times.length);
  const frames = times.map((seconds) => new Fake(seconds));
  for (const frame of frames) queue.push(frame);
  return { queue, frames };
}

describe('frame queue', () => {
  test('gives the newest due frame and closes those it overtakes', () => {
    const { queue, frames } = filled(0, 1, 2, 3);
    expect(queue.takeDue(2.5)).toBe(frames[2]);
    expect(frames.map((frame) => frame.closed)).toEqual([1, 1, 0, 0]);
    expect(queue.size).toBe(1);
  });

  test('gives nothing before its time, and keeps it', () => {
    const { queue, frames } = filled(1, 2);
    expect(queue.takeDue(0.9)).toBeNull();
    expect(queue.size).toBe(2);
    expect(queue.takeDue(1)).toBe(frames[0]);
  });

  test('keeps the newest due frame when only dropping', () => {
    const { queue, frames } = filled(0, 1, 2);
    expect(queue.dropOvertaken(1)).toBe(1);
    expect(queue.dropOvertaken(1)).toBe(0);
    expect(frames.map((frame) => frame.closed)).toEqual([1, 0, 0]);
  });

  test('says when it is full and when the next frame is due', () => {
    const { queue, frames } = filled(1, 2);
    expect(queue.full).toBe(true);
    expect(queue.nextTimeAfter(0)).toBe(1);
    expect(queue.nextTimeAfter(1)).toBe(2);
    expect(queue.nextTimeAfter(2)).toBeUndefined();
    expect(queue.takeFirst()).toBe(frames[0]);
    expect(queue.full).toBe(false);
  });

  test('clear closes all', () => {
    const { queue, frames } = filled(1, 2, 3);
    queue.clear();
    expect(frames.map((frame) => frame.closed)).toEqual([1, 1, 1]);
    expect(queue.takeFirst()).toBeNull();
  });

  test('whatever happens, each frame is given away or closed, once', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('push' as const), by: fc.double({ min: 0, max: 2, noNaN: true }) }),
      fc.record({ do: fc.constantFrom('due', 'drop', 'first') }),
      fc.record({ do: fc.constant('pass' as const), by: fc.double({ min: 0, max: 3, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new FrameQueue<Fake>(1000);
        const frames: Fake[] = [];
        const given = new Set<Fake>();
        let now = 0;
        let last = 0;
        const take = (frame: Fake | null) => {
          if (frame) given.add(frame);
        };
        for (const step of steps) {
          if (step.do === 'push') {
            last += step.by;
            const frame = new Fake(last);
            frames.push(frame);
            queue.push(frame);
          } else if (step.do === 'pass') now += step.by;
          else if (step.do === 'due') take(queue.takeDue(now));
          else if (step.do === 'drop') queue.dropOvertaken(now);
          else take(queue.takeFirst());
        }
        queue.clear();
        for (const frame of frames) expect(frame.closed).toBe(given.has(frame) ? 0 : 1);
      }),
    );
  });
});

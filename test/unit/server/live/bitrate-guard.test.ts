import { expect, test } from 'vitest';
import { BitrateGuard, type Sender } from '../../../../src/server/live/bitrate-guard';

/** A sender whose rate is set by hand. */
class HandSender implements Sender {
  readonly bitrateMax = 1000;
  bitrate = 0;
  fails = false;
  readonly codes: string[] = [];

  constructor(private readonly id: string) {}

  get closed(): boolean {
    return this.codes.length > 0;
  }

  async incoming() {
    if (this.fails) throw new Error('The transport is closed.');
    return [{ id: this.id, bitrate: this.bitrate }];
  }

  close(code: string): void {
    this.codes.push(code);
  }
}

async function looks(guard: BitrateGuard, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await guard.look();
}

test('who stays above the bound has to go, once; who was above it for a moment does not', async () => {
  const [greedy, honest, bursting] = [new HandSender('a'), new HandSender('b'), new HandSender('c')];
  const guard = new BitrateGuard(() => [greedy, honest, bursting]);
  greedy.bitrate = 5000;
  honest.bitrate = 1100;
  bursting.bitrate = 5000;
  await looks(guard, 2);
  bursting.bitrate = 500;
  await looks(guard, 1);
  bursting.bitrate = 5000;
  await looks(guard, 2);
  expect(greedy.codes).toEqual(['tooFast']);
  expect(honest.codes).toEqual([]);
  expect(bursting.codes).toEqual([]);
});

test('one that cannot be asked keeps nobody else from being looked at', async () => {
  const [gone, greedy] = [new HandSender('a'), new HandSender('b')];
  gone.fails = true;
  greedy.bitrate = 5000;
  await looks(new BitrateGuard(() => [gone, greedy]), 5);
  expect(gone.codes).toEqual([]);
  expect(greedy.codes).toEqual(['tooFast']);
});

import { expect, test } from 'vitest';
import { BitrateGuard, LeakyBucket, type Sender } from '../../../../src/server/live/bitrate-guard';

/** A sender whose bytes are counted by hand, over as many transports as it likes. */
class HandSender implements Sender {
  readonly bitrateMax = 1000;
  readonly bytes = new Map<string, number>();
  fails = false;
  readonly codes: string[] = [];

  constructor(readonly id: string) {}

  get closed(): boolean {
    return this.codes.length > 0;
  }

  sends(bits: number, transport = 'one'): void {
    this.bytes.set(transport, (this.bytes.get(transport) ?? 0) + bits / 8);
  }

  async received() {
    if (this.fails) throw new Error('The transport is closed.');
    return new Map(this.bytes);
  }

  close(code: string): void {
    this.codes.push(code);
  }
}

/** A guard on a clock that is turned by hand. */
function guarded(...senders: HandSender[]) {
  let now = 0;
  const sent: string[] = [];
  const guard = new BitrateGuard(
    () => senders,
    (sender) => sent.push(sender.id),
    () => now,
  );
  /** Seconds pass, in which each sends what it is told for each. */
  const pass = async (seconds: number, rate: (sender: HandSender, second: number) => void) => {
    for (let second = 0; second < seconds; second++) {
      for (const sender of senders) rate(sender, second);
      now += 1000;
      if (second % 2) await guard.look();
    }
  };
  return { guard, pass, sent };
}

test('who stays above the bound has to go, once; a burst that is made up for is borne', async () => {
  const [greedy, honest, bursting] = [new HandSender('a'), new HandSender('b'), new HandSender('c')];
  const { pass, sent } = guarded(greedy, honest, bursting);
  await pass(60, (sender, second) => {
    if (sender === greedy) sender.sends(2000);
    if (sender === honest) sender.sends(1000);
    // Ten times the bound for a second, then little.
    if (sender === bursting) sender.sends(second === 10 ? 10_000 : 500);
  });
  expect(greedy.codes).toEqual(['tooFast']);
  expect(sent).toEqual(['a']);
  expect(honest.codes).toEqual([]);
  expect(bursting.codes).toEqual([]);
});

test('four seconds on and two off are no way through', async () => {
  const sender = new HandSender('a');
  const { pass } = guarded(sender);
  await pass(60, (each, second) => {
    if (second % 6 < 4) each.sends(5000);
  });
  expect(sender.codes).toEqual(['tooFast']);
});

test('several transports are one sender', async () => {
  const sender = new HandSender('a');
  const { pass } = guarded(sender);
  await pass(60, (each) => {
    for (const transport of ['one', 'two', 'three', 'four']) each.sends(900, transport);
  });
  expect(sender.codes).toEqual(['tooFast']);
});

test('one that cannot be asked keeps nobody else from being looked at', async () => {
  const [gone, greedy] = [new HandSender('a'), new HandSender('b')];
  gone.fails = true;
  const { pass } = guarded(gone, greedy);
  await pass(30, (sender) => sender.sends(5000));
  expect(gone.codes).toEqual([]);
  expect(greedy.codes).toEqual(['tooFast']);
});

test('the bucket leaks at the bound', () => {
  const bucket = new LeakyBucket(1000, 0);
  expect(bucket.pour(14_000, 0)).toBe(false);
  expect(bucket.pour(2000, 0)).toBe(true);
  expect(bucket.pour(0, 1000)).toBe(false);
});

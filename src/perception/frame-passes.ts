/**
 * The way of frames through a network whose input is one buffer: the next frame is read into it as soon as all that
 * reads the buffer for the one before is in the device's queue, while that is still at work.
 */
import { Mutex } from '../media/mutex';

/** What is to be done with a frame. */
export interface FramePass<T, R> {
  /** Puts the reading of the frame into the device's queue. */
  read(): void;
  /** Puts the network, and whatever else reads the buffer, into the queue. */
  submit(): Promise<T>;
  /** Resolves when that has left the device. */
  finish(submitted: T): Promise<R>;
}

/** Lets frames pass in the order of the calls, one in the network at a time. */
export class FramePasses {
  /** The buffer; whoever takes both takes it first. */
  readonly #input = new Mutex();
  /** The network. */
  readonly #flight = new Mutex();

  /** Whether no frame is on its way. */
  get idle(): boolean {
    return this.#input.idle && this.#flight.idle;
  }

  /** Does something when no frame is on its way; those that come later wait. */
  whenIdle(work: () => Promise<void>): Promise<void> {
    return this.#input.run(() => this.#flight.run(work));
  }

  /** Lets a frame pass. Rejects with what one of its steps throws; the next frames pass all the same. */
  async pass<T, R>({ read, submit, finish }: FramePass<T, R>): Promise<R> {
    // In an object: the end is waited for outside of the lock.
    const { passed } = await this.#input.run(async () => {
      read();
      let submitted = () => {};
      const inQueue = new Promise<void>((resolve) => {
        submitted = resolve;
      });
      const passed = this.#flight.run(async () => {
        const work = await submit();
        submitted();
        return finish(work);
      });
      await Promise.race([inQueue, passed]);
      return { passed };
    });
    return passed;
  }
}

/**
 * `pixels.wasm`: the loops over pixels that the WebAssembly engine runs beside its network, with SIMD. Source and
 * comments are in `pixels.wat`. Each user has an instance with memory of its own.
 */
import { CarriagewayError } from '../errors';
import kernelUrl from './pixels.wasm?url';

/** Bytes of a page of WebAssembly memory. */
const PAGE = 65536;

/** Offsets are multiples of this, so that vectors do not straddle cache lines. */
const ALIGNMENT = 64;

/** The functions of the module; all pointers are byte offsets into its memory. */
interface KernelExports {
  gather(
    from: number,
    right: number,
    down: number,
    count: number,
    weights: number,
    taps: number,
    row: number,
  ): void;
  scatter(
    row: number,
    starts: number,
    weights: number,
    taps: number,
    count: number,
    gain: number,
    bias: number,
    to: number,
    step: number,
    red: number,
    green: number,
    blue: number,
  ): void;
  cells(
    runs: number,
    count: number,
    top: number,
    bottom: number,
    start: number,
    step: number,
    cells: number,
  ): void;
  row(
    runs: number,
    count: number,
    cells: number,
    state: number,
    pixels: number,
    smoothing: number,
    fresh: number,
    releaseStart: number,
    releaseEnd: number,
    drivable: number,
  ): void;
}

let compiled: Promise<WebAssembly.Module> | null = null;

/**
 * Downloads and compiles the module, once per worker.
 * @throws CarriagewayError `simd-missing` where the browser does not take it: it is as plain as SIMD can be
 */
export function loadPixelKernel(): Promise<WebAssembly.Module> {
  compiled ??= fetch(new URL(kernelUrl, globalThis.location.href))
    .then((response) => response.arrayBuffer())
    .then((bytes) => WebAssembly.compile(bytes))
    .catch((cause: unknown) => {
      if (!(cause instanceof WebAssembly.CompileError)) throw cause;
      throw new CarriagewayError('simd-missing', cause.message, { cause });
    });
  // A failed download may succeed the next time.
  compiled.catch(() => {
    compiled = null;
  });
  return compiled;
}

/** An instance of the module and its memory, handed out once from the bottom up. */
export class PixelKernel {
  readonly run: KernelExports;
  readonly #memory: WebAssembly.Memory;
  #end = 0;

  constructor(module: WebAssembly.Module) {
    this.#memory = new WebAssembly.Memory({ initial: 1 });
    const instance = new WebAssembly.Instance(module, { host: { memory: this.#memory } });
    this.run = instance.exports as unknown as KernelExports;
  }

  /** The memory as it is now. Reserving more detaches it: look it up after all reservations. */
  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /** Reserves zeroed memory and returns its offset. */
  reserve(bytes: number): number {
    const offset = this.#end;
    this.#end = Math.ceil((offset + bytes) / ALIGNMENT) * ALIGNMENT;
    const missing = Math.ceil(this.#end / PAGE) - this.#memory.buffer.byteLength / PAGE;
    if (missing > 0) this.#memory.grow(missing);
    return offset;
  }
}

/**
 * Writes small ONNX files for the tests: just enough of protobuf to say what a graph takes and gives. They cannot be
 * run, only read.
 */
import type { OnnxDim } from '../../../src/model/onnx-inspect';

/** Codes of TensorProto.DataType. */
const FLOAT = 1;
export const UINT8 = 2;
export const INT64 = 7;
export const HALF = 10;

/** An input or output as it is to be written. */
interface ValueSpec {
  readonly name: string;
  readonly type?: number;
  /** Left out: the file says nothing of the shape. A negative number is written as such. */
  readonly dims?: readonly OnnxDim[];
}

/** A file as it is to be written. */
export interface ModelSpec {
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  /** Node types with what they take and give; by default one `Conv` from the first input to the first output. */
  readonly nodes?: readonly (readonly [
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
  ])[];
  readonly initializers?: readonly {
    readonly name: string;
    readonly type?: number;
    readonly external?: boolean;
  }[];
  readonly irVersion?: number;
}

/** A network as the house makes them, 96 × 64 with stride 8. */
export const PSPNET: ModelSpec = {
  inputs: [
    { name: 'image', dims: [1, 3, 64, 96] },
    { name: 'gate', dims: [4] },
  ],
  outputs: [{ name: 'logits', dims: [1, 12, 8, 12] }],
  initializers: [{ name: 'conv.weight' }],
};

/** The bytes of an ONNX file. */
export function onnxBytes(spec: ModelSpec): Uint8Array<ArrayBuffer> {
  const nodes = spec.nodes ?? [['Conv', [spec.inputs[0]?.name ?? 'x'], [spec.outputs[0]?.name ?? 'y']]];
  const graph = join(
    ...nodes.map(([type, inputs, outputs]) =>
      bytesField(
        1,
        join(...inputs.map((name) => text(1, name)), ...outputs.map((name) => text(2, name)), text(4, type)),
      ),
    ),
    text(2, 'graph'),
    ...(spec.initializers ?? []).map(({ name, type = FLOAT, external }) =>
      bytesField(
        5,
        join(
          varintField(1, 4),
          varintField(2, type),
          text(8, name),
          bytesField(9, new Uint8Array(16)),
          external ? varintField(14, 1) : new Uint8Array(0),
        ),
      ),
    ),
    ...spec.inputs.map((value) => bytesField(11, valueBytes(value))),
    ...spec.outputs.map((value) => bytesField(12, valueBytes(value))),
  );
  return join(
    varintField(1, spec.irVersion ?? 8),
    text(2, 'test'),
    bytesField(7, graph),
    bytesField(8, join(text(1, ''), varintField(2, 17))),
    bytesField(8, join(text(1, 'com.example'), varintField(2, 99))),
  );
}

function valueBytes({ name, type = FLOAT, dims }: ValueSpec): Uint8Array {
  const shape = dims
    ? bytesField(
        2,
        join(
          ...dims.map((dim) => bytesField(1, typeof dim === 'number' ? varintField(1, dim) : text(2, dim))),
        ),
      )
    : new Uint8Array(0);
  return join(text(1, name), bytesField(2, bytesField(1, join(varintField(1, type), shape))));
}

/** A varint, negative numbers in ten bytes of two's complement. */
export function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

export function varintField(field: number, value: number): Uint8Array {
  return join(varint(field * 8), varint(value));
}

export function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return join(varint(field * 8 + 2), varint(bytes.length), bytes);
}

function text(field: number, value: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(value));
}

export function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/**
 * Reads of an ONNX file what must be known before it is run: inputs and outputs with their shapes, the operators, the
 * precision of the weights. It does not run or convert anything and never copies weights.
 * Field numbers: `onnx/onnx.proto` (ModelProto, GraphProto, NodeProto, ValueInfoProto, TensorProto).
 */
import { CarriagewayError } from '../errors';
import { MODEL_SIZE_CAP } from './manifest';
import { type FieldValue, ProtobufError, readFields, readMessage, readNumber, readText } from './protobuf';

/** A dimension: its size, or the name of a size that is free (empty when it has none). */
export type OnnxDim = number | string;

/** Element types of whole numbers, by their codes (TensorProto.DataType) and as runtimes call them. */
const WHOLE = {
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  12: 'uint32',
  13: 'uint64',
} as const;

/** See above. */
type WholeElement = (typeof WHOLE)[keyof typeof WHOLE];

/** Element types that matter here; all others are `other`. */
type OnnxElement = 'float32' | 'float16' | WholeElement | 'other';

/** Element types of which a value can be the number of a class. */
export const WHOLE_ELEMENTS: readonly string[] = Object.values(WHOLE);

/** An input or output of the graph. */
export interface OnnxValue {
  readonly name: string;
  readonly element: OnnxElement;
  /** Null when the file says nothing of the shape. */
  readonly dims: readonly OnnxDim[] | null;
}

/** A node of the graph. */
interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** What an ONNX file says of itself. */
export interface OnnxInspection {
  /** Who wrote it (`pytorch`), may be empty. */
  readonly producer: string;
  /** Version of the default operator set; 0 when it says none. */
  readonly opset: number;
  /** Inputs that must be fed: those without an initial value. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  /** Names of the tensors that the file brings along. */
  readonly initializers: ReadonlySet<string>;
  /** Whether any weight is in half precision. */
  readonly halfPrecision: boolean;
  /** The file's own remarks, by key: names of classes among them, where an exporter wrote them. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Whether weights lie in another file, which a single dropped file cannot bring. */
  readonly externalData: boolean;
}

/** Most nodes, inputs and the like in all; the largest networks that fit the size cap have some thousands. */
const ENTRIES_MAX = 100_000;

/** Most remarks that are read, and bytes of one: a hundred and fifty names take four thousand. */
const METADATA_MAX = 64;
const REMARK_MAX = 64 * 1024;

/** Codes of TensorProto.DataType. */
const ELEMENTS: Readonly<Record<number, OnnxElement>> = {
  ...WHOLE,
  1: 'float32',
  10: 'float16',
};

/** Code of half precision, and of weights kept elsewhere (TensorProto.DataLocation.EXTERNAL). */
const FLOAT16 = 10;
const EXTERNAL = 1;

/**
 * Reads a dropped file, its size checked before a byte is read.
 * @throws CarriagewayError `model-too-large`, `model-not-onnx` when it is empty or cannot be read
 */
export async function readModelFile(file: Blob): Promise<ArrayBuffer> {
  if (file.size > MODEL_SIZE_CAP)
    throw new CarriagewayError('model-too-large', `${Math.round(file.size / 2 ** 20)} MB`);
  if (file.size === 0) throw new CarriagewayError('model-not-onnx', 'the file is empty');
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    throw new CarriagewayError('model-not-onnx', 'the file could not be read', { cause });
  }
}

/**
 * Inspects the bytes of an ONNX file.
 * @throws CarriagewayError `model-too-large`; `model-not-onnx` with what is wrong in the detail
 */
export function inspectOnnx(bytes: Uint8Array): OnnxInspection {
  if (bytes.length > MODEL_SIZE_CAP) throw new CarriagewayError('model-too-large');
  try {
    return readModel(bytes);
  } catch (cause) {
    if (!(cause instanceof ProtobufError)) throw cause;
    throw new CarriagewayError('model-not-onnx', cause.message, { cause });
  }
}

function readModel(bytes: Uint8Array): OnnxInspection {
  let irVersion = 0;
  let producer = '';
  let opset = 0;
  let graph: Uint8Array | null = null;
  const metadata = new Map<string, string>();
  readFields(bytes, (field, value) => {
    if (field === 1) irVersion = readNumber(value);
    else if (field === 2) producer = readText(value);
    else if (field === 7) graph = readMessage(value);
    else if (field === 8) opset = Math.max(opset, defaultOpset(readMessage(value)));
    else if (field === 14 && metadata.size < METADATA_MAX) readRemark(readMessage(value), metadata);
  });
  if (irVersion < 1) throw new ProtobufError('it has no version of the format');
  if (!graph) throw new ProtobufError('it has no graph');
  return { producer, opset, metadata, ...readGraph(graph) };
}

/** A StringStringEntryProto. */
function readRemark(message: Uint8Array, into: Map<string, string>): void {
  let key = '';
  let text = '';
  readFields(message, (field, value) => {
    if (field === 1) key = readText(value);
    else if (field === 2) text = readText(value, REMARK_MAX);
  });
  into.set(key, text);
}

/** Version of the operator set of the empty domain, which is ONNX's own; 0 for another domain. */
function defaultOpset(message: Uint8Array): number {
  let domain = '';
  let version = 0;
  readFields(message, (field, value) => {
    if (field === 1) domain = readText(value);
    else if (field === 2) version = readNumber(value);
  });
  return domain === '' || domain === 'ai.onnx' ? version : 0;
}

function readGraph(graph: Uint8Array): Omit<OnnxInspection, 'producer' | 'opset' | 'metadata'> {
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const nodes: OnnxNode[] = [];
  const initializers = new Set<string>();
  let halfPrecision = false;
  let externalData = false;
  let entries = 0;
  readFields(graph, (field, value) => {
    if (++entries > ENTRIES_MAX) throw new ProtobufError('its graph is too large');
    if (field === 1) nodes.push(readNode(readMessage(value)));
    else if (field === 11) inputs.push(readValue(readMessage(value)));
    else if (field === 12) outputs.push(readValue(readMessage(value)));
    else if (field === 5) {
      const tensor = readTensorHead(readMessage(value));
      initializers.add(tensor.name);
      halfPrecision ||= tensor.type === FLOAT16;
      externalData ||= tensor.location === EXTERNAL;
    }
  });
  if (nodes.length === 0) throw new ProtobufError('its graph computes nothing');
  // Files of old versions of the format list the weights among the inputs as well.
  const fed = inputs.filter((input) => !initializers.has(input.name));
  return { inputs: fed, outputs, nodes, initializers, halfPrecision, externalData };
}

function readNode(message: Uint8Array): OnnxNode {
  let type = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  readFields(message, (field, value) => {
    if (field === 1) inputs.push(readText(value));
    else if (field === 2) outputs.push(readText(value));
    else if (field === 4) type = readText(value);
    if (inputs.length + outputs.length > ENTRIES_MAX) throw new ProtobufError('a node is too large');
  });
  return { type, inputs, outputs };
}

function readTensorHead(message: Uint8Array): { name: string; type: number; location: number } {
  const head = { name: '', type: 0, location: 0 };
  readFields(message, (field, value) => {
    if (field === 2) head.type = readNumber(value);
    else if (field === 8) head.name = readText(value);
    else if (field === 14) head.location = readNumber(value);
  });
  return head;
}

function readValue(message: Uint8Array): OnnxValue {
  let name = '';
  let element: OnnxElement = 'other';
  let dims: readonly OnnxDim[] | null = null;
  readFields(message, (field, value) => {
    if (field === 1) name = readText(value);
    // TypeProto, of which only the tensor type (1) is of use; sequences and maps stay `other`.
    else if (field === 2) only(value, 1, (tensor) => ({ element, dims } = readTensorType(tensor)));
  });
  return { name, element, dims };
}

function readTensorType(message: Uint8Array): { element: OnnxElement; dims: readonly OnnxDim[] | null } {
  let element: OnnxElement = 'other';
  let dims: OnnxDim[] | null = null;
  readFields(message, (field, value) => {
    if (field === 1) element = ELEMENTS[readNumber(value)] ?? 'other';
    else if (field === 2) {
      const shape: OnnxDim[] = [];
      only(value, 1, (dim) => {
        // Tensors of more than eight dimensions do not occur.
        if (shape.length >= 8) throw new ProtobufError('a shape has too many dimensions');
        shape.push(readDim(dim));
      });
      dims = shape;
    }
  });
  return { element, dims };
}

function readDim(message: Uint8Array): OnnxDim {
  let dim: OnnxDim = '';
  readFields(message, (field, value) => {
    if (field === 1) dim = readNumber(value);
    else if (field === 2) dim = readText(value);
  });
  // Some exporters write −1 or 0 for a free size.
  return typeof dim === 'number' && dim < 1 ? '' : dim;
}

/** Visits the sub-messages in one field of a message. */
function only(value: FieldValue, wanted: number, visit: (message: Uint8Array) => void): void {
  readFields(readMessage(value), (field, inner) => {
    if (field === wanted) visit(readMessage(inner));
  });
}

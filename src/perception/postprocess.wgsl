// The network's scores to the mask that is drawn, in one pass: bilinear upsampling, softmax, merging of channels onto
// the classes, temporal smoothing, decision. CPU reference: postprocess.ts.
// One invocation for each pixel of the mask.

// Two constants stand before this text, since they differ from network to network: CLASSES, and SLOTS, the 16-bit values
// of the state for each pixel (probabilities, then at least one that is zero; all are ones where nothing is known).

const STATE_WORDS = SLOTS / 2u;
const ID_LEAN = 0.999;  // see postprocess.ts
const UNDECIDED = 254u;
const BROKEN = 253u;
const VOID = 255u;

struct Params {
  mask: vec2u,           // size of the mask
  output: vec2u,         // size of the network's output
  map_offset: vec2f,     // output coordinate = map_offset + mask pixel * map_step
  map_step: vec2f,
  stride_channel: u32,   // score index = channel * stride_channel + y * stride_row + x * stride_column
  stride_row: u32,
  stride_column: u32,
  channels: u32,
  smoothing: f32,        // weight of the newest probabilities where nothing moves
  release_start: f32,    // distance at which smoothing begins to let go, and at which it has
  release_end: f32,
  // bit 0: the state is empty; bit 1: scores are probabilities; bit 2: follow the motion; bit 3: scores are class ids;
  // bit 4: with bit 1, a sigmoid is still to be taken
  flags: u32,
  floor: f32,            // least probability that makes a class
  points: u32,           // corners of the ignore region
  cells: vec2u,          // size of the class map (class-map.wgsl)
  blocks: vec2u,         // size of the motion field
  block_step: vec2u,     // blocks from one mask pixel to the next, in 1 / 65536
  reach: vec2i,          // mask pixels to a unit of motion, in 1 / 4096
  drivable: array<vec4u, 2>, // bit k of the whole: class k is drivable
  region: array<vec4f, 16>, // the corners, two in each vector, 0 to 1 over the picture
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> class_of_channel: array<u32>;
@group(0) @binding(2) var<storage, read> scores: array<f32>;
@group(0) @binding(3) var<storage, read_write> state: array<u32>;
@group(0) @binding(4) var mask: texture_storage_2d<rgba8unorm, write>;
@group(0) @binding(6) var<storage, read> old_state: array<u32>;
@group(0) @binding(7) var<storage, read> field: array<vec4i>;  // of motion.wgsl

fn corner(i: u32) -> vec2f {
  let pair = params.region[i / 2u];
  return select(pair.xy, pair.zw, (i & 1u) == 1u);
}

// Even-odd rule; see ignore.ts.
fn ignored(p: vec2f) -> bool {
  var inside = false;
  var j = params.points - 1u;
  for (var i = 0u; i < params.points; i++) {
    let a = corner(i);
    let b = corner(j);
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) { inside = !inside; }
    j = i;
  }
  return inside;
}

// The four neighbours of a pixel in the network's output, and the position between them.
struct Neighbours { a: u32, b: u32, c: u32, d: u32, f: vec2f }

fn neighbours(pixel: vec2u) -> Neighbours {
  let last = vec2f(params.output - 1u);
  let at = clamp(params.map_offset + vec2f(pixel) * params.map_step, vec2f(0.0), last);
  let low = vec2u(at);
  let high = min(low + 1u, params.output - 1u);
  let row = vec2u(low.y, high.y) * params.stride_row;
  let column = vec2u(low.x, high.x) * params.stride_column;
  return Neighbours(row.x + column.x, row.x + column.y, row.y + column.x, row.y + column.y, at - vec2f(low));
}

fn score(channel: u32, n: Neighbours) -> f32 {
  let o = channel * params.stride_channel;
  let top = mix(scores[o + n.a], scores[o + n.b], n.f.x);
  let bottom = mix(scores[o + n.c], scores[o + n.d], n.f.x);
  return mix(top, bottom, n.f.y);
}

// Numbers whose exponent is all ones are none, or infinite. Asked of the bits: arithmetic may be compiled as if there
// were no such numbers.
fn is_finite(value: f32) -> bool {
  return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
}

fn is_drivable(k: u32) -> bool {
  return (params.drivable[k / 128u][(k / 32u) % 4u] & (1u << (k % 32u))) != 0u;
}

// The mask pixel whose state belongs to what is seen here: where the picture came from. CPU reference: moved-state.ts.
fn origin(pixel: vec2u) -> vec2i {
  if ((params.flags & 4u) == 0u) { return vec2i(pixel); }
  let block = min((params.block_step * pixel + params.block_step / 2u) >> vec2u(16u), params.blocks - 1u);
  let motion = field[block.y * params.blocks.x + block.x].xy;
  return vec2i(pixel) + ((motion * params.reach + 2048) >> vec2u(12u));
}

@compute @workgroup_size(8, 8)
fn postprocess(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= params.mask)) { return; }
  let n = neighbours(id.xy);

  // Softmax over the channels, summed into the classes; or for each neighbour the class whose id it holds.
  var newest: array<f32, SLOTS>;
  var whole = true;
  if ((params.flags & 8u) != 0u) {
    let at = vec4u(n.a, n.b, n.c, n.d);
    let f = ID_LEAN * n.f;
    let share = vec4f((1.0 - f.x) * (1.0 - f.y), f.x * (1.0 - f.y), (1.0 - f.x) * f.y, f.x * f.y);
    for (var j = 0u; j < 4u; j++) {
      let value = scores[at[j]];
      whole = whole && is_finite(value);
      if (value < -0.5 || value >= f32(arrayLength(&class_of_channel)) - 0.5) { continue; }
      let class_id = class_of_channel[u32(value + 0.5)];
      if (class_id < CLASSES) { newest[class_id] += share[j]; }
    }
  } else if ((params.flags & 2u) != 0u) {
    for (var c = 0u; c < params.channels; c++) {
      let class_id = class_of_channel[c];
      let given = score(c, n);
      whole = whole && is_finite(given);
      let p = select(given, 1.0 / (1.0 + exp(-given)), (params.flags & 16u) != 0u);
      if (class_id < CLASSES) {
        // Of classes that stand for themselves the most counts.
        newest[class_id] = select(newest[class_id] + p, max(newest[class_id], p), params.floor > 0.0);
      }
    }
  } else {
    var peak = score(0u, n);
    for (var c = 1u; c < params.channels; c++) { peak = max(peak, score(c, n)); }
    var total = 0.0;
    for (var c = 0u; c < params.channels; c++) {
      let value = score(c, n);
      whole = whole && is_finite(value);
      let power = exp(value - peak);
      let class_id = class_of_channel[c];
      total += power;
      if (class_id < CLASSES) { newest[class_id] += power; }
    }
    for (var k = 0u; k < CLASSES; k++) { newest[k] /= total; }
  }

  let hidden = ignored((vec2f(id.xy) + 0.5) / vec2f(params.mask));
  let base = (id.y * params.mask.x + id.x) * STATE_WORDS;
  if (!whole) {
    for (var word = 0u; word < STATE_WORDS; word++) { state[base + word] = 0xffffffffu; }
    textureStore(mask, id.xy, vec4f(f32(select(BROKEN, VOID, hidden)) / 255.0, 0.0, 0.0, 1.0));
    return;
  }

  // state <- old + w (newest - old), old being the state at the origin; what comes from outside has none.
  let came_from = origin(id.xy);
  if ((params.flags & 1u) == 0u && all(came_from >= vec2i(0)) && all(came_from < vec2i(params.mask))) {
    let old_base = (u32(came_from.y) * params.mask.x + u32(came_from.x)) * STATE_WORDS;
    if ((old_state[old_base + STATE_WORDS - 1u] >> 16u) == 0u) {
      var old: array<f32, SLOTS>;
      var distance = 0.0;
      for (var word = 0u; word < STATE_WORDS; word++) {
        let pair = unpack2x16unorm(old_state[old_base + word]);
        old[2u * word] = pair.x;
        old[2u * word + 1u] = pair.y;
        distance += abs(newest[2u * word] - pair.x) + abs(newest[2u * word + 1u] - pair.y);
      }
      let release = smoothstep(params.release_start, params.release_end, 0.5 * distance);
      let weight = mix(params.smoothing, 1.0, release);
      for (var k = 0u; k < CLASSES; k++) { newest[k] = mix(old[k], newest[k], weight); }
    }
  }

  var best = 0u;
  var tied = false;
  var sum = newest[0];
  var drivable = select(0.0, newest[0], is_drivable(0u));
  for (var k = 1u; k < CLASSES; k++) {
    let p = newest[k];
    if (p == newest[best]) {
      tied = true;
    } else if (p > newest[best]) {
      best = k;
      tied = false;
    }
    sum += p;
    if (is_drivable(k)) { drivable += p; }
  }
  for (var word = 0u; word < STATE_WORDS; word++) {
    state[base + word] = pack2x16unorm(vec2f(newest[2u * word], newest[2u * word + 1u]));
  }

  var confidence = newest[best];
  if (tied || confidence < params.floor || 1.0 - sum > confidence) {
    best = UNDECIDED;
    confidence = 0.0;
  }
  if (hidden) {
    best = VOID;
    confidence = 0.0;
    drivable = 0.0;
  }
  textureStore(mask, id.xy, vec4f(f32(best) / 255.0, confidence, min(drivable, 1.0), 1.0));
}

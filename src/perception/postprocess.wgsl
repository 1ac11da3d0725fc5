// The network's scores to the mask that is drawn, in one pass: bilinear upsampling, softmax, merging of channels onto
// the classes, temporal smoothing, decision. CPU reference: postprocess.ts.
// One invocation for each pixel of the mask.

const CLASSES = 12u;
const STATE_WORDS = 6u;  // twelve probabilities of 16 bits
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
  flags: u32,            // bit 0: the state is empty; bit 1: scores are probabilities; bit 2: follow the motion
  drivable: u32,         // bit k: class k is drivable
  points: u32,           // corners of the ignore region
  cells: vec2u,          // size of the class map (class-map.wgsl)
  blocks: vec2u,         // size of the motion field
  block_step: vec2u,     // blocks from one mask pixel to the next, in 1 / 65536
  reach: vec2i,          // mask pixels to a unit of motion, in 1 / 4096
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

  // Softmax over the channels, summed into the classes. Channels without a class only count in the total.
  var newest: array<f32, CLASSES>;
  if ((params.flags & 2u) != 0u) {
    for (var c = 0u; c < params.channels; c++) {
      let class_id = class_of_channel[c];
      if (class_id < CLASSES) { newest[class_id] += score(c, n); }
    }
  } else {
    var peak = score(0u, n);
    for (var c = 1u; c < params.channels; c++) { peak = max(peak, score(c, n)); }
    var total = 0.0;
    for (var c = 0u; c < params.channels; c++) {
      let power = exp(score(c, n) - peak);
      let class_id = class_of_channel[c];
      total += power;
      if (class_id < CLASSES) { newest[class_id] += power; }
    }
    for (var k = 0u; k < CLASSES; k++) { newest[k] /= total; }
  }

  // state <- old + w (newest - old), old being the state at the origin; what comes from outside has none.
  let base = (id.y * params.mask.x + id.x) * STATE_WORDS;
  let came_from = origin(id.xy);
  if ((params.flags & 1u) == 0u && all(came_from >= vec2i(0)) && all(came_from < vec2i(params.mask))) {
    let old_base = (u32(came_from.y) * params.mask.x + u32(came_from.x)) * STATE_WORDS;
    var old: array<f32, CLASSES>;
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

  var best = 0u;
  var sum = 0.0;
  var drivable = 0.0;
  for (var k = 0u; k < CLASSES; k++) {
    let p = newest[k];
    if (p > newest[best]) { best = k; }
    sum += p;
    if ((params.drivable & (1u << k)) != 0u) { drivable += p; }
  }
  for (var word = 0u; word < STATE_WORDS; word++) {
    state[base + word] = pack2x16unorm(vec2f(newest[2u * word], newest[2u * word + 1u]));
  }

  var confidence = newest[best];
  if (1.0 - sum > confidence) {
    best = VOID;
    confidence = 0.0;
  }
  if (ignored((vec2f(id.xy) + 0.5) / vec2f(params.mask))) {
    best = VOID;
    confidence = 0.0;
    drivable = 0.0;
  }
  textureStore(mask, id.xy, vec4f(f32(best) / 255.0, confidence, drivable, 1.0));
}

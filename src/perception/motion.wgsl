// How the picture moved since the frame before: a small grey picture, matched block by block. CPU reference: motion.ts.
// Three passes of one stream and frame; whole numbers from the grey levels on, so that the processor finds the same.

const GREY_STEP = 4u;
const BLOCK = 4;
const REACH = 6;
const TRIES = 13;   // 2 REACH + 1
const AROUND = 16;  // BLOCK + 2 REACH
const THREADS = 64u;

struct Params {
  content: vec4u,        // where the picture lies in the network's input: left, top, right, bottom, the last two within
  grey: vec2u,           // size of the grey picture
  blocks: vec2u,         // number of blocks along each axis
  base: u32,             // index of the middle channel = base + y * row + x * column
  row: u32,
  column: u32,
  grey_max: u32,
  gain: f32,             // grey level = mean * gain + bias
  bias: f32,
  length_cost: i32,      // see the constants of the same names in motion.ts
  quiet: i32,
  stiffness: i32,
  subpixels: i32,
  cut_level: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> tensor: array<f32>;
@group(0) @binding(2) var<storage, read_write> now: array<i32>;
@group(0) @binding(3) var<storage, read> before: array<i32>;
// For each block its motion in 1 / subpixels of a grey pixel, the difference that leaves, and the number of its pixels.
@group(0) @binding(4) var<storage, read_write> field: array<vec4i>;

@compute @workgroup_size(8, 8)
fn grey_picture(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= params.grey)) { return; }
  var sum = 0.0;
  for (var j = 0u; j < GREY_STEP; j++) {
    for (var i = 0u; i < GREY_STEP; i++) {
      let at = min(params.content.xy + id.xy * GREY_STEP + vec2u(i, j), params.content.zw);
      sum += tensor[params.base + at.y * params.row + at.x * params.column];
    }
  }
  let level = sum / f32(GREY_STEP * GREY_STEP) * params.gain + params.bias;
  now[id.y * params.grey.x + id.x] = i32(clamp(level, 0.0, f32(params.grey_max)) + 0.5);
}

var<workgroup> block: array<i32, BLOCK * BLOCK>;
var<workgroup> around: array<i32, AROUND * AROUND>;
var<workgroup> differences: array<i32, TRIES * TRIES>;

fn difference_at(x: i32, y: i32) -> i32 { return differences[(y + REACH) * TRIES + x + REACH]; }

// Offset of the lowest point of a parabola through three differences.
fn vertex(low: i32, middle: i32, high: i32, pixels: i32) -> i32 {
  let bend = low - 2 * middle + high + params.stiffness * pixels;
  if (bend <= 0) { return 0; }
  let half = params.subpixels / 2;
  return clamp(half * (low - high) / bend, -half, half);
}

// One workgroup for each block.
@compute @workgroup_size(64)
fn match_blocks(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let size = vec2i(params.grey);
  let first = vec2i(group.xy) * BLOCK;
  let extent = min(size - first, vec2i(BLOCK));
  let pixels = extent.x * extent.y;
  for (var i = i32(thread); i < extent.x * extent.y; i += i32(THREADS)) {
    let at = first + vec2i(i % extent.x, i / extent.x);
    block[i] = now[at.y * size.x + at.x];
  }
  for (var i = i32(thread); i < AROUND * AROUND; i += i32(THREADS)) {
    // Beyond the edges the picture is drawn out.
    let at = clamp(first - REACH + vec2i(i % AROUND, i / AROUND), vec2i(0), size - 1);
    around[i] = before[at.y * size.x + at.x];
  }
  workgroupBarrier();
  for (var i = i32(thread); i < TRIES * TRIES; i += i32(THREADS)) {
    var sum = 0;
    for (var y = 0; y < extent.y; y++) {
      for (var x = 0; x < extent.x; x++) {
        sum += abs(block[y * extent.x + x] - around[(y + i / TRIES) * AROUND + x + i % TRIES]);
      }
    }
    differences[i] = sum;
  }
  workgroupBarrier();
  if (thread > 0u) { return; }

  let still = difference_at(0, 0);
  var best = vec2i(0);
  var difference = still;
  var motion = vec2i(0);
  if (still >= params.quiet * pixels) {
    var least = still;
    for (var y = -REACH; y <= REACH; y++) {
      for (var x = -REACH; x <= REACH; x++) {
        let cost = difference_at(x, y) + params.length_cost * pixels * (abs(x) + abs(y));
        if (cost < least) {
          least = cost;
          best = vec2i(x, y);
        }
      }
    }
    difference = difference_at(best.x, best.y);
    motion = best * params.subpixels;
    if (abs(best.x) < REACH) {
      motion.x += vertex(difference_at(best.x - 1, best.y), difference, difference_at(best.x + 1, best.y), pixels);
    }
    if (abs(best.y) < REACH) {
      motion.y += vertex(difference_at(best.x, best.y - 1), difference, difference_at(best.x, best.y + 1), pixels);
    }
  }
  field[group.y * params.blocks.x + group.x] = vec4i(motion, difference, pixels);
}

var<workgroup> sums: array<vec2u, 64>;

// One workgroup in all: takes the motion back where another picture has come.
@compute @workgroup_size(64)
fn settle(@builtin(local_invocation_index) thread: u32) {
  let count = params.blocks.x * params.blocks.y;
  var own = vec2u(0u);
  for (var i = thread; i < count; i += THREADS) { own += vec2u(field[i].zw); }
  sums[thread] = own;
  workgroupBarrier();
  var total = vec2u(0u);
  for (var i = 0u; i < THREADS; i++) { total += sums[i]; }
  if (total.x > params.cut_level * total.y) {
    for (var i = thread; i < count; i += THREADS) { field[i] = vec4i(0); }
  }
}

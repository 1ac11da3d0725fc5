// The smoothed probabilities to the small map that is read back. Follows postprocess.wgsl, whose declarations
// precede this text. CPU reference: classMap in postprocess.ts.
// One invocation for each pair of cells: a word holds class, drivable, class, drivable, from the lowest byte up.

const SAMPLES = 2u;  // along each side of a cell
const WHOLE = 65535.0 * 4.0;  // of all samples

@group(0) @binding(5) var<storage, read_write> class_map: array<u32>;

// First word of the state of sample (i, j) of a cell.
fn sampled(at: vec2u, i: u32, j: u32) -> u32 {
  // floor((at + (i + 0.5) / SAMPLES) * mask / cells) in whole numbers, so that it is the same everywhere.
  let doubled = (2u * SAMPLES * at + 2u * vec2u(i, j) + 1u) * params.mask;
  let pixel = min(doubled / (2u * SAMPLES * params.cells), params.mask - 1u);
  return (pixel.y * params.mask.x + pixel.x) * STATE_WORDS;
}

// The class with the highest of whole numbers in one pixel's state, undecided where two are as high.
fn winner_of(base: u32) -> u32 {
  var best = 0u;
  var most = state[base] & 0xffffu;
  for (var k = 1u; k < CLASSES; k++) {
    let value = (state[base + k / 2u] >> (16u * (k & 1u))) & 0xffffu;
    if (value == most) {
      best = UNDECIDED;
    } else if (value > most) {
      best = k;
      most = value;
    }
  }
  return best;
}

fn cell(index: u32) -> u32 {
  if (index >= params.cells.x * params.cells.y) { return 0u; }
  let at = vec2u(index % params.cells.x, index / params.cells.x);
  if (ignored((vec2f(at) + 0.5) / vec2f(params.cells))) { return VOID; }
  // Sums of 16-bit steps in whole numbers, as the processor has them: what is a tie there is one here.
  var sums: array<u32, SLOTS>;
  for (var j = 0u; j < SAMPLES; j++) {
    for (var i = 0u; i < SAMPLES; i++) {
      let base = sampled(at, i, j);
      for (var word = 0u; word < STATE_WORDS; word++) {
        let pair = state[base + word];
        sums[2u * word] += pair & 0xffffu;
        sums[2u * word + 1u] += pair >> 16u;
      }
    }
  }
  if (sums[SLOTS - 1u] != 0u) { return BROKEN; }
  var best = 0u;
  var tied = false;
  var sum = 0.0;
  var drivable = 0.0;
  for (var k = 0u; k < CLASSES; k++) {
    if (k > 0u && sums[k] == sums[best]) { tied = true; }
    if (sums[k] > sums[best]) {
      best = k;
      tied = false;
    }
    let p = f32(sums[k]) / WHOLE;
    sum += p;
    if (is_drivable(k)) { drivable += p; }
  }
  if (tied) { best = winner_of(sampled(at, 0u, 0u)); }
  var most = 0.0;
  if (best != UNDECIDED) { most = f32(sums[best]) / WHOLE; }
  if (1.0 - sum > most || most < params.floor) { best = UNDECIDED; }
  return best | (u32(clamp(drivable, 0.0, 1.0) * 255.0 + 0.5) << 8u);
}

@compute @workgroup_size(64)
fn reduce_classes(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&class_map)) { return; }
  class_map[id.x] = cell(2u * id.x) | (cell(2u * id.x + 1u) << 16u);
}

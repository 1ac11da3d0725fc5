// The smoothed probabilities to the small map that is read back. Follows postprocess.wgsl, whose declarations
// precede this text. CPU reference: classMap in postprocess.ts.
// One invocation for each pair of cells: a word holds class, drivable, class, drivable, from the lowest byte up.

const SAMPLES = 2u;  // along each side of a cell

@group(0) @binding(5) var<storage, read_write> class_map: array<u32>;

fn cell(index: u32) -> u32 {
  if (index >= params.cells.x * params.cells.y) { return 0u; }
  let at = vec2u(index % params.cells.x, index / params.cells.x);
  var mean: array<f32, CLASSES>;
  for (var j = 0u; j < SAMPLES; j++) {
    for (var i = 0u; i < SAMPLES; i++) {
      // floor((at + (i + 0.5) / SAMPLES) * mask / cells) in whole numbers, so that it is the same everywhere.
      let doubled = (2u * SAMPLES * at + 2u * vec2u(i, j) + 1u) * params.mask;
      let pixel = min(doubled / (2u * SAMPLES * params.cells), params.mask - 1u);
      let base = (pixel.y * params.mask.x + pixel.x) * STATE_WORDS;
      for (var word = 0u; word < STATE_WORDS; word++) {
        let pair = unpack2x16unorm(state[base + word]);
        mean[2u * word] += pair.x / f32(SAMPLES * SAMPLES);
        mean[2u * word + 1u] += pair.y / f32(SAMPLES * SAMPLES);
      }
    }
  }
  var best = 0u;
  var sum = 0.0;
  var drivable = 0.0;
  for (var k = 0u; k < CLASSES; k++) {
    let p = mean[k];
    if (p > mean[best]) { best = k; }
    sum += p;
    if ((params.drivable & (1u << k)) != 0u) { drivable += p; }
  }
  if (1.0 - sum > mean[best]) { best = VOID; }
  if (ignored((vec2f(at) + 0.5) / vec2f(params.cells))) {
    best = VOID;
    drivable = 0.0;
  }
  return best | (u32(clamp(drivable, 0.0, 1.0) * 255.0 + 0.5) << 8u);
}

@compute @workgroup_size(64)
fn reduce_classes(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&class_map)) { return; }
  class_map[id.x] = cell(2u * id.x) | (cell(2u * id.x + 1u) << 16u);
}

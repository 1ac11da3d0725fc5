// A video frame to the network's input. CPU reference: preprocess.ts.
// One invocation for each pixel of the network's input; letterbox padding is written as 0, the mean colour.

struct Params {
  input: vec2u,          // size of the network's input
  content_at: vec2u,     // where the picture lies in it
  content: vec2u,        // and how large it is there
  taps: vec2u,           // bilinear samples averaged along x and y
  gain: vec3f,           // tensor value = colour (0 to 1) * gain + bias, for tensor channels 0, 1, 2
  turn: u32,             // clockwise quarter turns that bring the stored pixels upright
  bias: vec3f,
  flags: u32,            // bit 0: channels last (NHWC); bit 1: BGR
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var bilinear: sampler;
@group(0) @binding(2) var<storage, read_write> tensor: array<f32>;
@group(0) @binding(3) var picture: texture_external;

// Point of the stored picture under a point of the upright one.
fn stored_point(p: vec2f) -> vec2f {
  switch params.turn {
    case 1u: { return vec2f(p.y, 1.0 - p.x); }
    case 2u: { return vec2f(1.0 - p.x, 1.0 - p.y); }
    case 3u: { return vec2f(1.0 - p.y, p.x); }
    default: { return p; }
  }
}

@compute @workgroup_size(8, 8)
fn preprocess(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= params.input)) { return; }
  var value = vec3f(0.0);
  // Unsigned: pixels left of or above the picture wrap round to huge numbers and fail the test too.
  let at = id.xy - params.content_at;
  if (all(at < params.content)) {
    var sum = vec3f(0.0);
    for (var j = 0u; j < params.taps.y; j++) {
      for (var i = 0u; i < params.taps.x; i++) {
        let tap = (vec2f(vec2u(i, j)) + 0.5) / vec2f(params.taps);
        let point = stored_point((vec2f(at) + tap) / vec2f(params.content));
        sum += textureSampleBaseClampToEdge(picture, bilinear, point).rgb;
      }
    }
    var colour = sum / f32(params.taps.x * params.taps.y);
    if ((params.flags & 2u) != 0u) { colour = colour.bgr; }
    value = colour * params.gain + params.bias;
  }
  let pixel = id.y * params.input.x + id.x;
  if ((params.flags & 1u) != 0u) {
    tensor[pixel * 3u] = value.x;
    tensor[pixel * 3u + 1u] = value.y;
    tensor[pixel * 3u + 2u] = value.z;
  } else {
    let plane = params.input.x * params.input.y;
    tensor[pixel] = value.x;
    tensor[plane + pixel] = value.y;
    tensor[2u * plane + pixel] = value.z;
  }
}

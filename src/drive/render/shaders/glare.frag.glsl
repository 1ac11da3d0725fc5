// Bright parts of the picture, a quarter of the size, softened: what scatters in the lens.
in vec2 vPlace;
layout(location = 0) out vec4 outColour;
uniform sampler2D uPicture;
uniform vec2 uStep;
uniform float uThreshold;

void main() {
  vec2 uv = vPlace * 0.5 + 0.5;
  vec3 sum = vec3(0.0);
  float total = 0.0;
  for (int i = -3; i <= 3; i++) {
    float w = exp(-float(i * i) / 6.0);
    vec3 c = min(texture(uPicture, uv + uStep * float(i)).rgb, vec3(12.0));
    sum += w * max(c - uThreshold, 0.0);
    total += w;
  }
  outColour = vec4(sum / total, 1.0);
}

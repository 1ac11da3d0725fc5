// Depth from the sun: only what is cut out needs a look at its texture.
precision highp sampler2DArray;
in vec2 vUv;
flat in vec4 vMeta;
layout(location = 0) out vec4 outColour;
uniform sampler2DArray uLayers;

void main() {
#ifdef CUTOUT
  if (texture(uLayers, vec3(vUv, vMeta.x)).a < 0.42) discard;
#endif
  outColour = vec4(1.0);
}

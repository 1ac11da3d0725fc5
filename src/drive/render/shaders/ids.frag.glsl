// Class ids, exact: no light, no blending, no antialiasing.
precision highp sampler2DArray;
in vec2 vUv;
flat in vec4 vMeta;
layout(location = 0) out vec4 outColour;
uniform sampler2DArray uLayers;

void main() {
  if (vMeta.y > 11.5) discard;
#ifdef CUTOUT
  if (texture(uLayers, vec3(vUv, vMeta.x)).a < 0.42) discard;
#endif
  outColour = vec4(vMeta.y / 255.0, 0.0, 0.0, 1.0);
}

// The sky itself: gradient, sun, two decks of clouds from the tileable noise.
precision highp sampler2DArray;
in vec2 vPlace;
layout(location = 0) out vec4 outColour;
#ifdef LABELLED
layout(location = 1) out vec4 outId;
#endif
uniform sampler2DArray uLayers;
uniform float uClouds;
uniform float uDrift;
uniform mat4 uUnproject; // clip space to a direction from the camera

float fluff(vec2 p) {
  float a = texture(uLayers, vec3(p, 0.0)).g;
  float b = texture(uLayers, vec3(p * 2.7 + 0.31, 0.0)).g;
  return a * 0.68 + b * 0.32;
}

void main() {
  vec4 far = uUnproject * vec4(vPlace, 1.0, 1.0);
  vec3 d = normalize(far.xyz / far.w);
  vec3 colour = skyColour(d);
  float up = max(d.y, 0.015);
  vec2 p = d.xz / (up + 0.12) * 0.09 + vec2(uDrift, uDrift * 0.4);
  float density = fluff(p);
  float cover = smoothstep(0.36 - 0.36 * uClouds, 0.62 - 0.3 * uClouds, density) * smoothstep(0.0, 0.12, d.y);
  float thick = smoothstep(0.2, 0.8, fluff(p * 1.6 + 0.17));
  vec3 bright = uHorizon * 1.12 + uSunColour * 0.16 * (0.4 + max(dot(d, uSun), 0.0));
  vec3 dark = mix(uZenith, uHorizon, 0.6) * 0.72;
  colour = mix(colour, mix(bright, dark, thick * (0.35 + 0.4 * uClouds)), cover * (0.55 + 0.4 * uClouds));
  colour += uSunColour * 30.0 * smoothstep(0.9996, 0.99985, dot(d, uSun)) * (1.0 - cover);
  outColour = vec4(colour, 1.0);
#ifdef LABELLED
  outId = vec4(SKY_ID / 255.0, 0.0, 0.0, 1.0);
#endif
}

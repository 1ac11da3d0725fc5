// Radiance of the sky in a direction: gradient, glow around the sun. Shared by sky, haze and reflections.
// Powers are chains of products: software renderers pay dearly for pow and exp.
uniform vec3 uSun;
uniform vec3 uSunColour;
uniform vec3 uZenith;
uniform vec3 uHorizon;

vec3 skyColour(vec3 d) {
  float up = max(d.y, 0.0);
  vec3 colour = mix(uHorizon, uZenith, up / (up + 0.24) * 1.24);
  float t = max(dot(d, uSun), 0.0);
  float t2 = t * t;
  float t4 = t2 * t2;
  float t8 = t4 * t4;
  float t16 = t8 * t8;
  return colour + uSunColour * (0.10 * t4 * t2 + 0.25 * t16 * t16 * t8);
}

// Radiance of the sky in a direction: gradient, glow around the sun. Shared by sky, haze and reflections.
uniform vec3 uSun;
uniform vec3 uSunColour;
uniform vec3 uZenith;
uniform vec3 uHorizon;

vec3 skyColour(vec3 d) {
  float up = max(d.y, 0.0);
  vec3 colour = mix(uHorizon, uZenith, 1.0 - exp(-up * 3.2));
  float towards = max(dot(d, uSun), 0.0);
  colour += uSunColour * (0.10 * pow(towards, 6.0) + 0.25 * pow(towards, 40.0));
  return colour;
}

// Glass, lens and sensor: drops, distortion, softness, lateral colour, glare, own car, shading, film curve, noise.
in vec2 vPlace;
layout(location = 0) out vec4 outColour;
uniform sampler2D uPicture;
uniform sampler2D uGlare;
uniform vec2 uTexel;
uniform float uExposure;
uniform float uSaturation;
uniform float uNoise;
uniform float uGlareAmount;
uniform float uTime;
uniform vec3 uCarPaint;
uniform vec3 uCarLight; // what falls on the own car from above

// The ACES film curve as fitted by Narkowicz (2015).
vec3 film(vec3 x) {
  return clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
}

vec3 toSrgb(vec3 c) {
  // A fit of the sRGB curve in square roots, within 0.4 % (Christian Schüler).
  vec3 a = sqrt(c);
  vec3 b = sqrt(a);
  return 0.662002687 * a + 0.684122060 * b - 0.323583601 * sqrt(b) - 0.0225411470 * c;
}

float random(vec2 p) {
  vec3 q = fract(vec3(p.xyx) * vec3(0.1031, 0.1030, 0.0973) + uTime);
  q += dot(q, q.yzx + 33.33);
  return fract((q.x + q.y) * q.z);
}

#ifdef OWN_CAR
// The own car at a place of it: paint, its fall-off, and the street mirrored in it.
vec3 paintCar(vec2 p) {
  float depth = clamp((carEdge(p.x) - p.y) / 0.4, 0.0, 1.0);
  if (onBlade(p) || onPillar(p)) return uCarLight * 0.02;
  // Mirrored at the edge; what is far up in the picture lies deep in the bonnet.
  vec2 mirrored = vec2(p.x * 0.94, carEdge(p.x) + (carEdge(p.x) - p.y) * 2.6 + 0.06);
  mirrored.y = min(mirrored.y, 0.96);
  vec2 at = throughLens(vec2(mirrored.x, mirrored.y * uFlip)) * 0.5 + 0.5;
  vec3 street = texture(uPicture, at).rgb * 0.5 + texture(uPicture, at + vec2(uTexel.x * 5.0, 0.0)).rgb * 0.25;
  street += texture(uPicture, at - vec2(uTexel.x * 5.0, 0.0)).rgb * 0.25;
  if (uCar != 1) return uCarLight * uCarPaint * (0.5 + 0.3 * depth) + street * 0.012;
  float crease = smoothstep(0.02, 0.0, abs(abs(p.x - 0.1 * uCarShape.z) - 0.34 - 0.2 * depth));
  float fresnel = 0.1 + 0.5 * (1.0 - depth) * (1.0 - depth);
  return uCarLight * uCarPaint * (0.75 - 0.35 * depth + 0.2 * crease) + min(street, vec3(3.0)) * fresnel;
}
#endif

void main() {
  vec2 seen = vec2(vPlace.x, vPlace.y * uFlip);
#ifdef GLASS
  vec3 drop = dropAt(seen);
  vec2 lens = throughLens(vPlace + vec2(drop.x, drop.y * uFlip));
#else
  vec2 lens = throughLens(vPlace);
#endif
  vec2 uv = lens * 0.5 + 0.5;
#ifdef FINE
  vec2 shift = lens * 0.0009;
  vec3 c = texture(uPicture, uv).rgb * 0.5;
  c += 0.125 * (texture(uPicture, uv + vec2(0.7, 0.3) * uTexel).rgb + texture(uPicture, uv + vec2(-0.3, 0.7) * uTexel).rgb);
  c += 0.125 * (texture(uPicture, uv + vec2(-0.7, -0.3) * uTexel).rgb + texture(uPicture, uv + vec2(0.3, -0.7) * uTexel).rgb);
  c.r = mix(c.r, texture(uPicture, uv + shift).r, 0.6);
  c.b = mix(c.b, texture(uPicture, uv - shift).b, 0.6);
#else
  vec3 c = texture(uPicture, uv).rgb;
#endif
  if (uGlareAmount > 0.0) c += texture(uGlare, uv).rgb * uGlareAmount;
#ifdef GLASS
  c = mix(c, uAirLight, fallingAt(seen));
  c += uAirLight * drop.z;
#endif
#ifdef OWN_CAR
  // A dashboard in the light is seen again in the windscreen.
  if (uCar == 2) c += uCarLight * 0.02 * smoothstep(0.5, -0.7, seen.y);
  if (ownCar(seen)) c = paintCar(seen);
#endif
  float r2 = dot(vPlace, vPlace) * 0.5;
  c *= uExposure * (1.0 - 0.26 * r2 * r2 - 0.08 * r2);
  c = film(c);
  float luma = dot(c, vec3(0.2126, 0.7152, 0.0722));
  c = mix(vec3(luma), c, uSaturation);
  c = toSrgb(c);
  vec2 pixel = gl_FragCoord.xy;
  vec2 grain = vec2(random(pixel), random(pixel + 71.7)) - 0.5;
  vec3 tinge = vec3(grain.x + grain.y, grain.x * 1.4, grain.x - grain.y);
  c += uNoise * (1.35 - 0.7 * luma) * tinge * 2.2;
  outColour = vec4(c, 1.0);
}

// The windscreen and the air before it: drops that bend light until a wiper takes them, rain and flakes in flight.
uniform float uSeconds;
uniform float uDrops;
uniform float uRainfall;
uniform float uSnowfall;
uniform vec3 uAirLight; // what falls is as bright as the air behind it

vec3 cellRandom(vec2 p) {
  vec3 q = fract(vec3(p.xyx) * vec3(0.1031, 0.1030, 0.0973));
  q += dot(q, q.yxz + 33.33);
  return fract((q.xxy + q.yzz) * q.zyx);
}

// Share of a wiper's period since the blade last went over this place.
float sinceWiped(vec2 p) {
  vec2 d = vec2((p.x - WIPER_AT.x) * uAspect, p.y - WIPER_AT.y);
  float r = length(d);
  float turn = (atan(d.y, d.x) - ANGLES.x) / (ANGLES.y - ANGLES.x);
  if (uWiper < 0.0 || turn < 0.0 || turn > 1.0 || r > 1.75) return 1.0;
  float up = SWEEP * turn;
  float down = 2.0 * SWEEP - up;
  if (uWiper > down) return uWiper - down;
  if (uWiper > up) return uWiper - up;
  return uWiper + 1.0 - down;
}

// xy: how far a drop bends the view, in places of the picture; z: how much light it catches.
vec3 dropAt(vec2 p) {
  vec3 bend = vec3(0.0);
  if (uDrops <= 0.0) return bend;
  float wet = uDrops * min(1.0, 0.12 + 1.1 * sinceWiped(p));
  for (int layer = 0; layer < 2; layer++) {
    float scale = layer == 0 ? 9.0 : 21.0;
    vec2 g = vec2(p.x * uAspect, p.y) * scale + float(layer) * 17.3;
    vec2 cell = floor(g);
    vec3 h = cellRandom(cell + floor(uSeconds * 0.21 + cellRandom(cell.yx).z) * 3.7);
    if (h.z > wet * 0.8) continue;
    vec2 d = fract(g) - 0.5 - (h.xy - 0.5) * 0.55;
    d.y *= 0.8;
    float r = 0.1 + 0.2 * fract(h.x * 7.7);
    float q = dot(d, d) / (r * r);
    if (q < 1.0) bend += vec3(-d * (1.0 - q) * (1.5 / scale), 0.1 * (1.0 - q) * smoothstep(-r, r, d.y));
  }
  return bend;
}

// How much of a place is covered by what falls.
float fallingAt(vec2 p) {
  float sum = 0.0;
  vec2 w = vec2(p.x * uAspect, p.y);
  if (uRainfall > 0.0)
    for (int layer = 0; layer < 3; layer++) {
      float size = 7.0 + 8.0 * float(layer);
      vec2 g = vec2(w.x + 0.08 * w.y, w.y) * vec2(size * 2.6, size * 0.42);
      float column = floor(g.x);
      g.y += uSeconds * (9.0 + 3.0 * float(layer)) + 31.0 * cellRandom(vec2(column, float(layer))).x;
      vec3 h = cellRandom(vec2(column, floor(g.y)) + 7.1 * float(layer));
      vec2 f = vec2(fract(g.x) - 0.5, fract(g.y));
      float thin = smoothstep(0.12, 0.0, abs(f.x - (h.x - 0.5) * 0.6));
      sum += step(h.z, uRainfall * 0.3) * thin * f.y * (1.0 - f.y) * 0.55;
    }
  if (uSnowfall > 0.0)
    for (int layer = 0; layer < 4; layer++) {
      float size = 4.0 + 5.0 * float(layer);
      // Flakes come at the lens out of the way ahead, and drift.
      vec2 g = w * (size * (1.0 - 0.1 * sin(uSeconds * 0.7))) + vec2(sin(uSeconds * 0.8 + float(layer)), 0.0) * 0.4;
      g.y += uSeconds * (3.2 + 1.3 * float(layer)) * 1.3;
      vec3 h = cellRandom(floor(g) + 13.7 * float(layer));
      vec2 d = fract(g) - 0.5 - (h.xy - 0.5) * 0.6;
      float r = 0.05 + 0.11 * fract(h.y * 5.3);
      sum += step(h.z, uSnowfall * 0.62) * smoothstep(r * r, 0.0, dot(d, d)) * (layer == 0 ? 0.45 : 0.75);
    }
  return min(sum, 0.9);
}

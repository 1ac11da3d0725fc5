// What lamps, other cars and the own headlights throw on a place. Places and lamps are relative to the camera, so that
// a kilometre down the street no digit is lost.
uniform vec4 uLampAt[LIGHTS]; // place; w: strength, 0 for none
uniform vec3 uLampColour;
uniform vec3 uBeamAt;
uniform mat3 uBeamAxes; // to right, up and ahead of the own car
uniform vec3 uBeamColour;

vec3 lampLight(vec3 p, vec3 n) {
  float sum = 0.0;
  for (int i = 0; i < LIGHTS; i++) {
    vec3 l = uLampAt[i].xyz - p;
    float d2 = dot(l, l) + 0.8;
    sum += uLampAt[i].w * max(dot(n, l), 0.0) * inversesqrt(d2) / d2;
  }
  vec3 light = uLampColour * sum;

  // The dipped beam: wide near the car, cut off at the lamps' height, and aimed so that the road's light fades slowly.
  vec3 q = uBeamAxes * (p - uBeamAt);
  float ahead = max(q.z, 0.25);
  float side = q.x / ahead;
  float rise = q.y / ahead;
  float side2 = side * side * 7.0;
  float cone = 1.0 / (1.0 + side2 * side2);
  float cut = 1.0 - 0.94 * smoothstep(-0.012, 0.03, rise);
  float d2 = dot(q, q);
  float facing = max(dot(n, uBeamAt - p) * inversesqrt(d2 + 0.01), 0.0);
  facing = mix(facing, 0.15, smoothstep(0.5, 0.9, n.y));
  return light + uBeamColour * (cone * cut * facing * step(0.0, q.z) / (1.0 + d2 * 0.006));
}

// What of the own car stands before the lens. Places are those of the picture: x to the right, y up, -1 to 1.
// The camera pass paints it and the id pass names it, by the same lines, so that both agree to the pixel.
uniform int uCar;       // 0 none, 1 bonnet, 2 dashboard, 3 lorry
uniform vec3 uCarShape; // upper edge, slant, side of the driver (-1 or 1)
uniform float uWiper;   // phase of the wipers, 0 to 1; negative where they rest

const vec2 WIPER_AT = vec2(0.12, -1.16);
const float SWEEP = 0.3; // share of the phase for one way
const vec2 ANGLES = vec2(0.28, 2.55);

// Upper edge of what lies along the lower border.
float carEdge(float x) {
  float slant = uCarShape.y * x;
  if (uCar == 1) {
    float a = abs(x - 0.1 * uCarShape.z);
    return uCarShape.x + slant - 0.17 * a * a - 0.14 * a * a * a * a;
  }
  if (uCar == 2) {
    float d = (x - 0.46 * uCarShape.z) / 0.3;
    return uCarShape.x + slant + 0.12 / (1.0 + d * d * d * d) - 0.03 * x * x;
  }
  return uCarShape.x - 0.1 + slant * 0.4;
}

bool onBlade(vec2 p) {
  if (uWiper < 0.0 || uWiper > 2.0 * SWEEP) return false;
  float turn = uWiper < SWEEP ? uWiper / SWEEP : 2.0 - uWiper / SWEEP;
  float angle = mix(ANGLES.x, ANGLES.y, turn);
  vec2 d = vec2((p.x - WIPER_AT.x) * uAspect, p.y - WIPER_AT.y);
  vec2 along = vec2(cos(angle), sin(angle));
  float r = dot(d, along);
  return abs(d.x * along.y - d.y * along.x) < 0.009 + 0.006 * (1.6 - r) && r > 0.1 && r < 1.75;
}

bool onPillar(vec2 p) {
  if (uCar == 2) return -p.x * uCarShape.z < -0.93 + 0.1 * p.y;
  if (uCar != 3) return false;
  vec2 mirror = abs(vec2(abs(p.x) - 0.93, p.y - 0.12));
  return (mirror.x < 0.055 && mirror.y < 0.24) || (abs(p.x) > 0.965 - 0.02 * p.y);
}

bool ownCar(vec2 p) {
  if (onBlade(p)) return true;
  return uCar > 0 && (p.y < carEdge(p.x) || onPillar(p));
}

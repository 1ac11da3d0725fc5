// Where a point of the picture comes from through the lens: barrel distortion, scaled so that corners stay filled.
uniform float uBarrel;
uniform float uAspect;
uniform float uFlip; // -1 writes the first row at the top, as pictures in memory have it

vec2 throughLens(vec2 place) {
  place.y *= uFlip;
  vec2 p = vec2(place.x * uAspect, place.y) / sqrt(1.0 + uAspect * uAspect);
  return place * (1.0 + uBarrel * dot(p, p)) / (1.0 + uBarrel);
}

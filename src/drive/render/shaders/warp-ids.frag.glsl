// The ids through the same lens as the picture; nearest sample, so every id stays one that was drawn.
in vec2 vPlace;
layout(location = 0) out vec4 outColour;
uniform sampler2D uPicture;
uniform float uOwnCar; // id of the own car, over 255

void main() {
  outColour = texture(uPicture, throughLens(vPlace) * 0.5 + 0.5);
  if (ownCar(vec2(vPlace.x, vPlace.y * uFlip))) outColour = vec4(uOwnCar, 0.0, 0.0, 1.0);
}

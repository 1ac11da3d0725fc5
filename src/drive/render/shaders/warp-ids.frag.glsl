// The ids through the same lens as the picture; nearest sample, so every id stays one that was drawn.
in vec2 vPlace;
layout(location = 0) out vec4 outColour;
uniform sampler2D uPicture;

void main() {
  outColour = texture(uPicture, throughLens(vPlace) * 0.5 + 0.5);
}

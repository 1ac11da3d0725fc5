// A triangle that covers the screen.
out vec2 vPlace; // -1 to 1

void main() {
  vPlace = position.xy;
  gl_Position = vec4(position.xy, DEPTH, 1.0);
}

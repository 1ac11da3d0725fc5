// One vertex format for the whole street: see shapes/mesh-builder.
in vec4 tint;
in vec4 meta;
out vec3 vView;   // world axes, from the camera
out vec3 vNormal;
out vec2 vUv;
out vec4 vTint;   // rgb linear, a glow or opacity
out vec4 vShadow;
flat out vec4 vMeta; // layer, class id, gloss, whether alpha is polish
uniform mat4 uShadowMatrix;

void main() {
  vec4 world = modelMatrix * vec4(position, 1.0);
  vView = world.xyz - cameraPosition;
  vNormal = mat3(modelMatrix) * normal.xyz;
  vUv = uv;
  vTint = vec4(pow(tint.rgb * 1.5, vec3(2.2)), tint.a);
  vMeta = vec4(meta.xy, meta.z / 255.0, meta.w);
  vShadow = uShadowMatrix * world;
  gl_Position = projectionMatrix * viewMatrix * world;
}

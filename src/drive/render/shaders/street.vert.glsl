// One vertex format for the whole street: see shapes/mesh-builder. Light and haze are worked out here, at the
// corners: the street is finely cut and its faces are flat, so nothing is lost, and software renderers gain.
in vec4 tint;
in vec4 meta;
out vec2 vUv;
flat out vec4 vMeta; // layer, class id, gloss, whether alpha is polish
#ifdef COLOUR
out vec3 vSunlit;  // colour times direct sun, hazed
out vec3 vSkylit;  // colour times light of the sky, hazed
out vec4 vAir;     // what the haze and lamps add; a: opacity of decals
#ifdef SNOW
out float vSnow; // how much of the snow stays on it
uniform float uSnow;
#endif
#ifdef FRAGMENT_LIT
out vec3 vTone;    // colour, hazed, for light that is worked out in the fragment
#endif
#ifdef SHADOWS
out vec3 vShadow;
uniform mat4 uShadowMatrix;
#endif
#ifdef GROUND
out vec2 vPlace;
uniform vec2 uGroundOffset; // camera's place modulo the stain pattern, so that stains stay put
#endif
#ifdef VIEWED
out vec3 vView;
out vec3 vNormal;
#endif
uniform vec3 uBounce;
uniform float uAmbient;
uniform float uHaze;
uniform float uLamps;
uniform float uWet;
#endif

void main() {
  vec4 world = modelMatrix * vec4(position, 1.0);
  vUv = uv;
  vMeta = vec4(meta.xy, meta.z / 255.0, meta.w);
  gl_Position = projectionMatrix * viewMatrix * world;
#ifdef COLOUR
  vec3 view = world.xyz - cameraPosition;
  float dist = length(view);
  vec3 v = view / dist;
  vec3 n = normalize(mat3(modelMatrix) * normal.xyz);
  vec3 tinted = tint.rgb * 1.5;
  vec3 colour = tinted * tinted;
  float ndl = dot(n, uSun);
#ifdef CUTOUT
  // Leaves let light through.
  float lit = max(ndl * 0.6 + 0.4, 0.0);
#else
  float lit = max(ndl, 0.0);
#endif
#ifdef GROUND
  colour *= 1.0 - 0.45 * uWet;
#endif
  // Light from all over the sky, less blue than its zenith: clouds and sunlit walls whiten it.
  vec3 sky = mix(uHorizon, uZenith, 0.4 + 0.2 * n.y);
  sky = mix(sky, vec3(dot(sky, vec3(0.3, 0.5, 0.2))), 0.45);
  vec3 fill = uAmbient * mix(uBounce + 0.22 * uHorizon, sky * 0.66, n.y * 0.5 + 0.5);
  float clear = exp(-dist * uHaze);
  vec3 air = mix(uHorizon, skyColour(normalize(vec3(v.x, 0.04, v.z))), 0.6) * 0.86;
  vSunlit = colour * uSunColour * (lit * clear);
  vSkylit = colour * fill * clear;
  vAir = vec4(air * (1.0 - clear), tint.a);
#ifndef DECAL
  // Lamps and signals glow in their own colour, more so in the dark.
  vAir.rgb += colour * (tint.a * 2.2 * uLamps);
#endif
#ifdef SHADOWS
  vShadow = (uShadowMatrix * world).xyz;
#endif
#ifdef GROUND
  vPlace = view.xz + uGroundOffset;
#endif
#ifdef NIGHT
#ifdef FRAGMENT_LIT
  vTone = colour * clear;
#else
  vSkylit += colour * clear * lampLight(view, n);
#endif
#endif
#ifdef SNOW
  vSnow = uSnow * smoothstep(0.35, 0.8, n.y);
#ifdef CUTOUT
  vSnow = uSnow * 0.45;
#endif
#endif
#ifdef VIEWED
  vView = view;
  vNormal = n;
#endif
#endif
}

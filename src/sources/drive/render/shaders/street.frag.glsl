precision highp sampler2DArray;
precision highp sampler2DShadow;
in vec3 vView;
in vec3 vNormal;
in vec2 vUv;
in vec4 vTint;
in vec4 vShadow;
flat in vec4 vMeta;
layout(location = 0) out vec4 outColour;
uniform sampler2DArray uLayers;
uniform vec3 uBounce;
uniform float uAmbient;
uniform float uHaze;
uniform float uWet;
uniform float uLamps;
uniform vec2 uGroundOffset; // camera's place modulo the stain pattern, so that stains stay put
#ifdef SHADOWS
uniform sampler2DShadow uShadowMap;

// Four comparisons, each filtered over 2x2 texels by the hardware.
float sunlight(float ndl) {
  vec3 p = vShadow.xyz;
  if (any(lessThan(p, vec3(0.0))) || any(greaterThan(p, vec3(1.0)))) return 1.0;
  float texel = 1.0 / SHADOW_SIZE;
  float bias = mix(0.0022, 0.0006, ndl);
  float sum = 0.0;
  sum += texture(uShadowMap, vec3(p.xy + vec2(-0.5, -0.7) * texel, p.z - bias));
  sum += texture(uShadowMap, vec3(p.xy + vec2(0.8, -0.4) * texel, p.z - bias));
  sum += texture(uShadowMap, vec3(p.xy + vec2(0.4, 0.9) * texel, p.z - bias));
  sum += texture(uShadowMap, vec3(p.xy + vec2(-0.8, 0.5) * texel, p.z - bias));
  vec2 edge = smoothstep(vec2(0.5), vec2(0.42), abs(p.xy - 0.5));
  return mix(1.0, sum * 0.25, edge.x * edge.y);
}
#endif

void main() {
  float dist = length(vView);
  vec3 v = vView / dist;
  vec4 texel = texture(uLayers, vec3(vUv, vMeta.x));
#ifdef CUTOUT
  if (texel.a < 0.42) discard;
  vec3 n = normalize(vNormal);
#elif defined(DECAL)
  float opacity = clamp(texel.a + vTint.a * 2.0 - 1.0, 0.0, 1.0) * smoothstep(0.0, 0.25, texel.a);
  vec3 n = normalize(vNormal);
#else
  vec3 n = normalize(vNormal);
#endif
  vec3 albedo = texel.rgb * vTint.rgb;
  float gloss = vMeta.z;
  float level = smoothstep(0.85, 0.97, n.y);
#ifndef CUTOUT
  if (level > 0.0) {
    // Stains and damp: large soft noise, so that tiles do not show.
    vec2 ground = vView.xz + uGroundOffset;
    float stain = texture(uLayers, vec3(ground / 17.0, 0.0)).g;
    float broad = texture(uLayers, vec3(ground.yx / 61.0, 0.0)).g;
    albedo *= mix(1.0, 0.62 + 0.9 * stain + 0.9 * broad, level * 0.55);
    float puddle = smoothstep(0.16, 0.4, stain + broad * 0.5);
    albedo *= 1.0 - 0.45 * uWet * level;
    gloss = max(gloss, uWet * level * (0.25 + 0.55 * puddle));
  }
  // On façades only the glass shines: their alpha is the polish.
  if (vMeta.w > 0.5) gloss *= 1.0 - texel.a;
#endif
  float ndl = dot(n, uSun);
#ifdef CUTOUT
  // Leaves let light through.
  float lit = max(ndl * 0.65 + 0.35, 0.0);
#else
  float lit = max(ndl, 0.0);
#endif
#ifdef SHADOWS
  if (lit > 0.0) lit *= sunlight(clamp(ndl, 0.0, 1.0));
#endif
  vec3 sky = mix(uHorizon, uZenith, 0.6 + 0.4 * n.y);
  vec3 light = uSunColour * lit + uAmbient * mix(uBounce + 0.22 * uHorizon, sky, n.y * 0.5 + 0.5) * 0.62;
  vec3 colour = albedo * light;
#ifndef CUTOUT
  if (gloss > 0.02) {
    vec3 r = reflect(v, n);
    float fresnel = 0.04 + 0.96 * pow(1.0 - max(dot(-v, n), 0.0), 5.0);
    // Below the horizon a reflection sees the street, not the sky.
    vec3 seen = mix(0.22 * uAmbient * uHorizon * vec3(0.9, 0.88, 0.85), skyColour(r), smoothstep(-0.06, 0.22, r.y));
    colour += seen * fresnel * gloss;
    colour += uSunColour * lit * gloss * gloss * pow(max(dot(r, uSun), 0.0), 90.0) * 1.6;
  }
#ifndef DECAL
  // Lamps and signals glow in their own colour, more so in the dark.
  colour += vTint.rgb * vTint.a * 2.2 * uLamps;
#endif
#endif
  float haze = 1.0 - exp(-dist * uHaze);
  vec3 air = mix(uHorizon, skyColour(normalize(vec3(v.x, 0.04, v.z))), 0.6) * 0.86;
  colour = mix(colour, air, haze);
#ifdef DECAL
  outColour = vec4(colour, opacity);
#else
  outColour = vec4(colour, 1.0);
#endif
}

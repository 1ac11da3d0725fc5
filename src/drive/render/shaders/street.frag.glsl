precision highp sampler2DArray;
precision highp sampler2DShadow;
in vec2 vUv;
flat in vec4 vMeta;
in vec3 vSunlit;
in vec3 vSkylit;
in vec4 vAir;
layout(location = 0) out vec4 outColour;
uniform sampler2DArray uLayers;
uniform float uWet;

#ifdef GROUND
in vec2 vPlace;
#endif
#if defined(SHINY) || (defined(GROUND) && defined(WET))
in vec3 vView;
in vec3 vNormal;
uniform float uAmbient;
#endif

#ifdef SHADOWS
in vec3 vShadow;
uniform sampler2DShadow uShadowMap;

// Comparisons, each filtered over 2x2 texels by the hardware; light outside the map.
float sunlight() {
  vec3 p = vShadow;
  const float texel = 1.0 / SHADOW_SIZE;
  float depth = clamp(p.z, 0.0, 1.0) - 0.0011;
#if SHADOWS == 1
  float sum = 4.0 * texture(uShadowMap, vec3(p.xy, depth));
#else
  float sum = texture(uShadowMap, vec3(p.xy + vec2(-0.5, -0.7) * texel, depth));
  sum += texture(uShadowMap, vec3(p.xy + vec2(0.8, -0.4) * texel, depth));
  sum += texture(uShadowMap, vec3(p.xy + vec2(0.4, 0.9) * texel, depth));
  sum += texture(uShadowMap, vec3(p.xy + vec2(-0.8, 0.5) * texel, depth));
#endif
  vec2 edge = smoothstep(vec2(0.5), vec2(0.42), abs(p.xy - 0.5));
  return mix(1.0, sum * 0.25, edge.x * edge.y);
}
#endif

void main() {
  vec4 texel = texture(uLayers, vec3(vUv, vMeta.x));
#ifdef CUTOUT
  if (texel.a < 0.42) discard;
#endif
  // The layers hold square roots of light: cheaper to undo than sRGB, and nearly the same.
  vec3 albedo = texel.rgb * texel.rgb;
#ifdef GROUND
  // Stains and damp: large soft noise, so that tiles do not show.
  vec4 stain = texture(uLayers, vec3(vPlace / 23.0, 0.0));
  float worn = stain.g + stain.r * 0.4;
  albedo *= 0.72 + 0.4 * worn;
#endif
#ifdef SHADOWS
  vec3 colour = albedo * (vSunlit * sunlight() + vSkylit) + vAir.rgb;
#else
  vec3 colour = albedo * (vSunlit + vSkylit) + vAir.rgb;
#endif
#ifdef SHINY
  // On façades only the glass shines: their alpha is the polish.
  float gloss = vMeta.z * mix(1.0, 1.0 - texel.a, vMeta.w);
#endif
#if defined(GROUND) && defined(WET)
  float gloss = uWet * (0.12 + 0.5 * smoothstep(0.5, 0.9, worn));
#endif
#if defined(SHINY) || (defined(GROUND) && defined(WET))
  vec3 v = normalize(vView);
  vec3 n = normalize(vNormal);
  vec3 r = reflect(v, n);
  float f = 1.0 - max(dot(-v, n), 0.0);
  float f2 = f * f;
  float fresnel = 0.04 + 0.96 * f2 * f2 * f;
  // Below the horizon a reflection sees the street, not the sky.
  vec3 seen = mix(0.2 * uAmbient * uHorizon, skyColour(r), smoothstep(-0.06, 0.22, r.y));
  colour += seen * (fresnel * gloss);
  float spark = max(dot(r, uSun), 0.0);
  spark *= spark;
  spark *= spark;
  spark *= spark;
  spark *= spark;
  spark *= spark;
  colour += uSunColour * (spark * spark * gloss * gloss * max(dot(n, uSun), 0.0));
#endif
#ifdef DECAL
  outColour = vec4(colour, clamp(texel.a + vAir.a * 2.0 - 1.0, 0.0, 1.0) * min(1.0, texel.a * 4.0));
#else
  outColour = vec4(colour, 1.0);
#endif
}

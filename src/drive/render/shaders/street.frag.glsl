precision highp sampler2DArray;
precision highp sampler2DShadow;
in vec2 vUv;
flat in vec4 vMeta;
in vec3 vSunlit;
in vec3 vSkylit;
in vec4 vAir;
layout(location = 0) out vec4 outColour;
#ifdef LABELLED
layout(location = 1) out vec4 outId; // as of ids.frag
#endif
uniform sampler2DArray uLayers;
uniform float uWet;

#ifdef GROUND
in vec2 vPlace;
#endif
#ifdef VIEWED
in vec3 vView;
in vec3 vNormal;
uniform float uAmbient;
#endif
#ifdef FRAGMENT_LIT
in vec3 vTone;
#endif
#ifdef SNOW
in float vSnow;
uniform float uSnow;
uniform float uLane; // width of a lane, metres
#endif
#ifdef MIRROR
uniform sampler2D uMirror; // the street upside down, as flat water would show it
uniform vec2 uPixel;
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
#ifdef SNOW
#ifdef GROUND
  float flecks = texture(uLayers, vec3(vPlace / 3.1, 0.0)).g;
  float cover = uSnow * 1.25 - 0.25 + (stain.g - 0.5) * 0.5 + (flecks - 0.5) * 0.3;
  vec3 snow = vec3(0.8, 0.83, 0.88) * (0.86 + 0.2 * flecks);
  if (vMeta.y < 1.5) {
    // The road: asphalt in the wheel tracks, grey slush between them.
    float across = abs(vUv.x * 5.0);
    float track = abs(abs(mod(across, uLane) - uLane * 0.5) - 0.76) / 0.36;
    cover -= 0.95 / (1.0 + track * track * track * track) * (0.75 + 0.5 * stain.r);
    snow *= 0.62;
    albedo *= 0.7;
  }
  albedo = mix(albedo, snow, smoothstep(0.1, 0.55, cover));
#else
  albedo = mix(albedo, vec3(0.8, 0.83, 0.88), vSnow * smoothstep(0.15, 0.5, texel.g + vSnow * 0.3));
#endif
#endif
#ifdef SHADOWS
  vec3 colour = albedo * (vSunlit * sunlight() + vSkylit) + vAir.rgb;
#else
  vec3 colour = albedo * (vSunlit + vSkylit) + vAir.rgb;
#endif
#if defined(NIGHT) && defined(FRAGMENT_LIT)
  colour += albedo * vTone * lampLight(vView, normalize(vNormal));
#endif
#if defined(NIGHT) && defined(SHINY)
  // Behind some of the windows somebody is at home; shops are lit. A tile of a façade has two bays and two floors.
  if (vMeta.w > 0.5) {
    vec2 pane = floor(vUv * 2.0) + vMeta.x * 7.0;
    float home = fract(sin(dot(pane, vec2(12.9898, 78.233))) * 43758.5453);
    bool shop = vMeta.x > SHOP_LAYER - 0.5;
    vec3 lamp = shop ? vec3(1.5, 1.4, 1.15) : mix(vec3(1.3, 0.8, 0.4), vec3(0.9, 0.95, 1.1), fract(home * 9.7));
    float glass = smoothstep(0.75, 0.3, texel.a);
    colour += lamp * (glass * (shop ? 0.2 : step(0.66, home) * 0.26) * (0.35 + 1.3 * texel.g));
  }
#endif
#ifdef SHINY
  // On façades only the glass shines: their alpha is the polish.
  float gloss = vMeta.z * mix(1.0, 1.0 - texel.a, vMeta.w);
#endif
#if defined(GROUND) && defined(WET)
  float gloss = uWet * (0.12 + 0.5 * smoothstep(0.5, 0.9, worn));
#endif
#if defined(SNOW) && defined(GROUND) && defined(WET)
  gloss *= 1.0 - smoothstep(0.1, 0.55, cover);
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
#if defined(MIRROR) && defined(GROUND)
  // Rough water draws what it mirrors out towards the viewer: three looks, one above the other.
  vec2 at = vec2(1.0 - gl_FragCoord.x * uPixel.x, gl_FragCoord.y * uPixel.y);
  float grain = fract(sin(dot(gl_FragCoord.xy, vec2(12.9898, 78.233))) * 43758.5453) - 0.5;
  at += (stain.rg - 0.5) * vec2(0.012, 0.04) + vec2(0.0, grain * 0.035);
  seen = 0.4 * texture(uMirror, at).rgb + 0.35 * texture(uMirror, at + vec2(0.0, 0.035)).rgb;
  seen = min(seen + 0.25 * texture(uMirror, at - vec2(0.0, 0.03)).rgb, vec3(6.0));
  fresnel = max(fresnel, 0.09) * 1.25;
#endif
  colour += seen * (fresnel * gloss);
#if defined(NIGHT) && defined(GROUND)
  // Lamps stand in wet asphalt as long streaks.
  vec2 flat2 = normalize(r.xz);
  for (int i = 0; i < LIGHTS; i++) {
    vec3 l = uLampAt[i].xyz - vView;
    float away = inversesqrt(dot(l, l) + 0.5);
    float turn = 1.0 - dot(flat2, normalize(l.xz));
    float lift = r.y - l.y * away;
    float streak = 1.0 / (1.0 + turn * turn * 160000.0) / (1.0 + lift * lift * 26.0);
    colour += uLampColour * (uLampAt[i].w * 0.02 * streak * gloss * (0.25 + fresnel));
  }
#endif
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
#ifdef LABELLED
  // Paint replaces the id below it, by its alpha, and the dark under a car leaves it.
  outId = vec4(vMeta.y / 255.0, 0.0, 0.0, vMeta.y > 11.5 ? 0.0 : 1.0);
#endif
}

// Team colours come from the feed and some are too dark for the panel. They are lightened in OKLCH, which
// keeps the hue, until they have the contrast that WCAG asks of graphics.
export const panelColour = '#161B22'
export const neutralColour = '#8B98A5'
export const graphicsContrast = 3

type Triple = [number, number, number]

export function parseHex(text: string | null | undefined): Triple | null {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text ?? '')
  if (!match) return null
  return [1, 2, 3].map((i) => Number.parseInt(match[i] as string, 16) / 255) as Triple
}

const toLinear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
const fromLinear = (c: number) => (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055)

function luminance(rgb: Triple): number {
  const [r, g, b] = rgb.map(toLinear) as Triple
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG contrast ratio, 1 to 21. */
export function contrast(first: string, second: string): number {
  const a = luminance(parseHex(first) ?? [0, 0, 0])
  const b = luminance(parseHex(second) ?? [0, 0, 0])
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** sRGB to OKLab lightness, chroma and hue in radians. */
export function toOklch(rgb: Triple): Triple {
  const [r, g, b] = rgb.map(toLinear) as Triple
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s
  const aAxis = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const bAxis = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return [lightness, Math.hypot(aAxis, bAxis), Math.atan2(bAxis, aAxis)]
}

function linearOf([lightness, chroma, hue]: Triple): Triple {
  const aAxis = chroma * Math.cos(hue)
  const bAxis = chroma * Math.sin(hue)
  const l = (lightness + 0.3963377774 * aAxis + 0.2158037573 * bAxis) ** 3
  const m = (lightness - 0.1055613458 * aAxis - 0.0638541728 * bAxis) ** 3
  const s = (lightness - 0.0894841775 * aAxis - 1.291485548 * bAxis) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

const isInGamut = (rgb: Triple) => rgb.every((c) => c >= -0.0005 && c <= 1.0005)

/** Back to #rrggbb; a colour outside sRGB loses chroma, not hue or lightness. */
export function fromOklch([lightness, chroma, hue]: Triple): string {
  let low = 0
  let high = chroma
  if (isInGamut(linearOf([lightness, chroma, hue]))) low = chroma
  else
    for (let i = 0; i < 20; i++) {
      const middle = (low + high) / 2
      if (isInGamut(linearOf([lightness, middle, hue]))) low = middle
      else high = middle
    }
  const byte = (c: number) => Math.round(Math.min(1, Math.max(0, fromLinear(Math.max(0, c)))) * 255)
  const hex = linearOf([lightness, low, hue]).map((c) => byte(c).toString(16).padStart(2, '0'))
  return `#${hex.join('')}`
}

const cache = new Map<string, string>()

/** The team's colour, lightened as far as the panel asks for; neutral if the feed has none. */
export function teamColour(text: string | null | undefined): string {
  const rgb = parseHex(text)
  if (!rgb) return neutralColour
  const key = text as string
  const known = cache.get(key)
  if (known) return known
  const [start, chroma, hue] = toOklch(rgb)
  let colour = fromOklch([start, chroma, hue])
  for (let l = start; l < 1 && contrast(colour, panelColour) < graphicsContrast; l += 0.01)
    colour = fromOklch([l, chroma, hue])
  cache.set(key, colour)
  return colour
}

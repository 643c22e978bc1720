import { describe, expect, it } from 'vitest'
import {
  contrast,
  fromOklch,
  graphicsContrast,
  neutralColour,
  panelColour,
  parseHex,
  teamColour,
  toOklch,
} from './colour'

const every = (step: number) => {
  const colours: string[] = []
  for (let r = 0; r < 256; r += step)
    for (let g = 0; g < 256; g += step)
      for (let b = 0; b < 256; b += step)
        colours.push([r, g, b].map((c) => c.toString(16).padStart(2, '0')).join(''))
  return colours
}

const hueOf = (text: string) => toOklch(parseHex(text) as [number, number, number])

it('knows the WCAG ratios', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 2)
})

it('goes to OKLCH and back', () => {
  for (const colour of every(51)) expect(fromOklch(hueOf(colour))).toBe(`#${colour}`)
})

describe('teamColour', () => {
  it('has the contrast of graphics on the panel, whatever the feed says', () => {
    for (const colour of every(17))
      expect(contrast(teamColour(colour), panelColour), colour).toBeGreaterThanOrEqual(graphicsContrast)
  })

  it('leaves a colour that is light enough', () => {
    expect(teamColour('F47600')).toBe('#f47600')
  })

  it('lightens a dark blue to a blue', () => {
    const [lightness, chroma, hue] = hueOf(teamColour('00008B'))
    const [before, , hueBefore] = hueOf('00008B')
    expect(lightness).toBeGreaterThan(before)
    expect(chroma).toBeGreaterThan(0.1)
    expect(Math.abs(hue - hueBefore)).toBeLessThan(0.08)
  })

  it('is neutral when the feed has none', () => {
    expect([null, undefined, '', 'red', '12345'].map(teamColour)).toEqual(Array(5).fill(neutralColour))
  })
})

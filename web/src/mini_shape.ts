// How many mini-sectors each sector has. The feed never says it; a row has those its car has reached, so the
// longest seen is what there is, and a row is filled up to it with ones still to come.
import type { ByNumber, TimingRow } from './protocol'

/** Grows `known` to the rows; the same array if they say nothing new. */
export function miniShape(known: readonly number[], rows: ByNumber<TimingRow>): readonly number[] {
  const grown = [...known]
  for (const { mini_sectors } of Object.values(rows))
    mini_sectors?.forEach((segments, sector) => {
      if (segments.length > (grown[sector] ?? 0)) grown[sector] = segments.length
    })
  const isSame = grown.length === known.length && grown.every((count, sector) => count === known[sector])
  return isSame ? known : Array.from(grown, (count) => count ?? 0)
}

/** One list a sector, all of the shape's length; what is not reached yet is null. */
export function filledTo(
  shape: readonly number[],
  sectors: readonly (number | null)[][] | null,
): (number | null)[][] {
  return shape.map((count, sector) => Array.from({ length: count }, (_, i) => sectors?.[sector]?.[i] ?? null))
}

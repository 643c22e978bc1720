// Tyres are told by letter first; the ring's colour only repeats it.
export interface Tyre {
  letter: string
  look: 'soft' | 'medium' | 'hard' | 'intermediate' | 'wet' | 'unknown'
  name: string
}

const tyres: Record<string, Tyre> = {
  SOFT: { letter: 'S', look: 'soft', name: 'Soft' },
  MEDIUM: { letter: 'M', look: 'medium', name: 'Medium' },
  HARD: { letter: 'H', look: 'hard', name: 'Hard' },
  INTERMEDIATE: { letter: 'I', look: 'intermediate', name: 'Intermediate' },
  WET: { letter: 'W', look: 'wet', name: 'Wet' },
}

/** Any compound the feed names gets a letter, also one this table has never heard of. */
export function tyreOf(compound: string | null | undefined): Tyre | null {
  const key = (compound ?? '').toUpperCase()
  if (!key) return null
  if (tyres[key]) return tyres[key]
  if (key === 'UNKNOWN' || key === 'TEST_UNKNOWN')
    return { letter: '?', look: 'unknown', name: 'Not known yet' }
  return { letter: key.slice(0, 1), look: 'unknown', name: key }
}

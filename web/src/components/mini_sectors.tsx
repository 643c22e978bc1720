// Mini-sectors as bars in their sectors. The codes are the feed's; the ones nobody has explained stay dark.
type Look = 'none' | 'slow' | 'personal' | 'best' | 'pit'

const looks: Record<number, Look> = { 2048: 'slow', 2049: 'personal', 2051: 'best', 2064: 'pit' }

interface Props {
  sectors: (number | null)[][]
  isLarge?: boolean
}

export function MiniSectors({ sectors, isLarge }: Props) {
  return (
    <span class={isLarge ? 'minis large' : 'minis'} aria-hidden="true">
      {sectors.map((segments, sector) => (
        <span key={sector}>
          {segments.map((code, index) => (
            <i key={index} data-look={looks[code ?? 0] ?? 'none'} />
          ))}
        </span>
      ))}
    </span>
  )
}

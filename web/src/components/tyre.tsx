import { tyreOf } from '../tyres'

interface Props {
  compound: string | null
  age: number | null
}

export function TyreMark({ compound, age }: Props) {
  const tyre = tyreOf(compound)
  if (!tyre) return <span class="dash">–</span>
  return (
    <span class="tyre" title={tyre.name}>
      <span class="tyre-ring" data-look={tyre.look}>
        {tyre.letter}
      </span>
      <span class="tyre-age">{age ?? ''}</span>
    </span>
  )
}

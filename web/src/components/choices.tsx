// The head of a panel that shows one of a few things: buttons, the pressed one is what is shown.
export interface Choice {
  value: string
  label: string
  count?: number
}

interface Props {
  label: string
  choices: readonly Choice[]
  chosen: string
  onChoose: (value: string) => void
  note?: string | undefined
}

export function Choices({ label, choices, chosen, onChoose, note }: Props) {
  return (
    <fieldset class="choices" aria-label={label}>
      {choices.map(({ value, label: name, count }) => (
        <button type="button" key={value} aria-pressed={value === chosen} onClick={() => onChoose(value)}>
          {name}
          {count ? <span class="label">{count}</span> : null}
        </button>
      ))}
      {note && <span class="aside label">{note}</span>}
    </fieldset>
  )
}

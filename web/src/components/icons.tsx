// Own line drawings, 24 by 24, drawn in the text's colour.
const paths = {
  play: 'M8 5.5v13l11-6.5z',
  pause: 'M7 5h3.5v14H7zM13.5 5H17v14h-3.5z',
} as const

export function PlayIcon({ isPlaying }: { isPlaying: boolean }) {
  return (
    <svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
      <path d={isPlaying ? paths.pause : paths.play} />
    </svg>
  )
}

const lines = {
  tower: 'M4 6h3M10 6h10M4 12h3M10 12h8M4 18h3M10 18h6',
  map: 'M5 17c-3-6 1-12 6-11s3 5 7 4 4 8-1 9-8-5-12-2z',
  player: 'M4 12h16M14 8v8M7 6v.01M12 18v.01M18 6v.01',
  feed: 'M5 21V4M5 4h13l-3 4.5 3 4.5H5',
  close: 'M6 6l12 12M18 6L6 18',
} as const

export function LineIcon({ name }: { name: keyof typeof lines }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={lines[name]} />
    </svg>
  )
}

export function Brand() {
  return (
    <svg class="brand" viewBox="0 0 32 32" aria-hidden="true">
      <path
        d="M2 9.5h14M0 16h12M2 22.5h14"
        stroke="#58A6FF"
        stroke-width="2.8"
        stroke-linecap="round"
        transform="translate(2 0)"
      />
      <path d="M17 7 31 16l-14 9 4-9z" fill="#E6EDF3" />
    </svg>
  )
}

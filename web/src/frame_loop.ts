// The page's one animation frame loop. What draws registers here.
type Painter = (now_ms: number) => void

const painters = new Set<Painter>()
let handle = 0

function run(now_ms: number): void {
  handle = requestAnimationFrame(run)
  for (const paint of painters) paint(now_ms)
}

export function onAnimationFrame(painter: Painter): () => void {
  painters.add(painter)
  if (painters.size === 1) handle = requestAnimationFrame(run)
  return () => {
    painters.delete(painter)
    if (painters.size === 0) cancelAnimationFrame(handle)
  }
}

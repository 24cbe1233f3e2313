import type uPlot from 'uplot'
import type { Inks } from './colours.ts'
import type { Marker } from './series.ts'

const DASH = [3, 3]
/** Between two labels, in CSS pixels. */
const APART = 4
/** How far above the bars the labels stand. */
const RAISED = 6

/** Lines through the chart, each with its label above. Where labels would overlap, the newer one stays. */
export function drawMarkers(plot: uPlot, markers: Marker[], inks: Inks): void {
  const { ctx, bbox } = plot
  const { min = 0, max = 0 } = plot.scales.x ?? {}
  const scale = devicePixelRatio
  let free = bbox.left + bbox.width
  ctx.save()
  ctx.lineWidth = scale
  ctx.setLineDash(DASH.map((length) => length * scale))
  ctx.strokeStyle = inks.text
  ctx.fillStyle = inks.text
  ctx.font = `${11 * scale}px system-ui, sans-serif`
  ctx.textBaseline = 'bottom'
  ctx.textAlign = 'center'
  for (const { at, label } of markers.toSorted((a, b) => b.at - a.at)) {
    if (at < min || at > max) continue
    const x = Math.round(plot.valToPos(at, 'x', true))
    line(ctx, x, bbox)
    const half = ctx.measureText(label).width / 2
    const middle = Math.min(x, bbox.left + bbox.width - half)
    if (middle + half > free) continue
    ctx.fillText(label, middle, bbox.top - RAISED * scale)
    free = middle - half - APART * scale
  }
  ctx.restore()
}

function line(ctx: CanvasRenderingContext2D, x: number, { top, height }: uPlot.BBox): void {
  ctx.beginPath()
  ctx.moveTo(x, top)
  ctx.lineTo(x, top + height)
  ctx.stroke()
}

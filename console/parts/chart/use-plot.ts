import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { inksAt, onTheme } from './colours.ts'
import { type Drawing, plotData, plotOptions, type Shape } from './plot.ts'

const HEIGHT = 176

/**
 * Draws into `host`, anew where the series or the colours of the page are others.
 * @returns where to draw, and how far from its left edge the part of the time is that is pointed at
 */
export function usePlot(
  shape: Shape,
  drawing: Drawing,
  pointed: number | undefined,
  onPoint: (index: number | undefined) => void,
) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const latest = useRef(drawing)
  latest.current = drawing
  const [theme, setTheme] = useState(0)
  const colours = drawing.series.map(({ colour }) => colour).join()

  useEffect(() => onTheme(() => setTheme((times) => times + 1)), [])

  useEffect(() => {
    const element = host.current
    if (!element) return
    const made = new uPlot(
      {
        ...plotOptions(shape, inksAt(element), () => latest.current),
        width: element.clientWidth,
        height: HEIGHT,
      },
      plotData(shape, latest.current),
      element,
    )
    plot.current = made
    const stop = [followWidth(element, made), followPointer(made, onPoint)]
    return () => {
      for (const end of stop) end()
      made.destroy()
      plot.current = null
    }
  }, [shape, colours, theme, onPoint])

  useEffect(() => plot.current?.setData(plotData(shape, drawing)), [shape, drawing.grid, drawing.series])
  useEffect(() => plot.current?.redraw(false), [drawing.markers])

  return { host, left: pointed === undefined ? 0 : leftOf(plot.current, pointed) }
}

function followWidth(element: HTMLElement, plot: uPlot): () => void {
  const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
  observer.observe(element)
  return () => observer.disconnect()
}

/** Charts move their cursors together, but only the one under the pointer tells what is there. */
function followPointer({ over, cursor }: uPlot, onPoint: (index: number | undefined) => void): () => void {
  const point = () => onPoint(cursor.idx ?? undefined)
  const leave = () => onPoint(undefined)
  over.addEventListener('mousemove', point)
  over.addEventListener('mouseleave', leave)
  return () => {
    over.removeEventListener('mousemove', point)
    over.removeEventListener('mouseleave', leave)
  }
}

function leftOf(plot: uPlot | null, index: number): number {
  const at = plot?.data[0][index]
  return plot && at !== undefined ? plot.over.offsetLeft + plot.valToPos(at, 'x') : 0
}

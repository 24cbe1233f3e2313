import 'uplot/dist/uPlot.min.css'
import './chart.css'
import { useState } from 'preact/hooks'
import { Legend } from './legend.tsx'
import type { Drawing, Shape } from './plot.ts'
import { spoken } from './spoken.ts'
import { Tooltip } from './tooltip.tsx'
import { usePlot } from './use-plot.ts'

interface ChartProps extends Drawing {
  title: string
  shape: Shape
  /** What the series are called that are not told apart. */
  rest?: string
}

/** Values over time. What it shows is told as a table elsewhere on the page, for whoever does not see it. */
export function Chart({ title, shape, rest = 'Others', ...drawing }: ChartProps) {
  const [index, setIndex] = useState<number>()
  const { host, left } = usePlot(shape, drawing, index, setIndex)
  return (
    <figure class="card chart">
      <figcaption>
        <h3>{title}</h3>
        <Legend series={drawing.series} rest={rest} />
      </figcaption>
      <div class="plot">
        <div ref={host} role="img" aria-label={`${title}: ${spoken(drawing)}`} />
        {index !== undefined && <Tooltip of={drawing} index={index} left={left} />}
      </div>
    </figure>
  )
}

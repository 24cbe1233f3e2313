import uPlot from 'uplot'
import type { Inks } from './colours.ts'
import { tinted } from './colours.ts'
import { drawMarkers } from './markers.ts'
import { axisTime } from './moments.ts'
import { type Grid, type Marker, middleOf, type Series, stacked, type Values } from './series.ts'

/** Bars stand on each other; lines run beside each other. */
export type Shape = 'bars' | 'lines'

/** What changes while a chart stays. */
export interface Drawing {
  grid: Grid
  series: Series[]
  markers: Marker[]
  format: (value: number) => string
  /** How far apart the scale's values may be, where that is not as in tens. */
  apart?: readonly number[]
}

const FONT = '12px system-ui, sans-serif'
/** Charts of a page show the same moment. */
const CURSOR = 'moment'
/** Room for what marks say. */
const ABOVE = 20
/** Half of the last time below the axis. */
const BESIDE = 20
const HEADROOM = 1.08
const SCALE_WIDTH = 76
/** With more of them there is no room for gaps between bars. */
const MOST_APART = 80

/** @param drawing what is to be drawn at the time of drawing */
export function plotOptions(
  shape: Shape,
  inks: Inks,
  drawing: () => Drawing,
): Omit<uPlot.Options, 'width' | 'height'> {
  const { series, grid, apart } = drawing()
  const lines =
    shape === 'bars' ? series.map((one) => bar(one, inks, grid)) : series.flatMap((one) => pair(one, inks))
  return {
    ms: 1,
    padding: [ABOVE, BESIDE, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      points: { show: shape === 'lines', size: 7 },
      sync: { key: CURSOR, setSeries: false },
    },
    scales: {
      x: { time: true, range: () => extentOf(drawing().grid) },
      y: { range: (_, __, most) => [0, most > 0 ? most * HEADROOM : 1] },
    },
    axes: axes(inks, drawing, apart),
    series: [{}, ...lines],
    bands: shape === 'bars' ? [] : bandsOf(series, inks),
    hooks: { draw: [(plot) => drawMarkers(plot, drawing().markers, inks)] },
  }
}

/** As uPlot wants it: the times, and then what each of its series has at them. */
export function plotData(shape: Shape, { grid, series }: Drawing): uPlot.AlignedData {
  const times = grid.starts.map((start) => middleOf(start, grid))
  const values: Values[] =
    shape === 'bars' ? stacked(series) : series.flatMap(({ values, upTo = [] }) => [values, upTo])
  return [times, ...values]
}

function axes(inks: Inks, drawing: () => Drawing, apart?: readonly number[]): uPlot.Axis[] {
  const quiet = { stroke: inks.text, font: FONT, ticks: { show: false } }
  return [
    {
      ...quiet,
      grid: { show: false },
      space: 64,
      size: 24,
      values: (_, splits, __, ___, apart) => splits.map((at) => axisTime(at, apart)),
    },
    {
      ...quiet,
      grid: { stroke: inks.line, width: 1 },
      space: 36,
      size: SCALE_WIDTH,
      ...(apart && { incrs: [...apart] }),
      values: (_, splits) => splits.map((value) => drawing().format(value)),
    },
  ]
}

/** Each is drawn over the taller ones before it, so that all stand on each other. */
function bar({ label, colour }: Series, inks: Inks, { starts }: Grid): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [1, 40] })
  return {
    label,
    fill: inks.of(colour),
    stroke: inks.ground,
    width: starts.length > MOST_APART ? 0 : 1,
    ...(paths && { paths }),
    points: { show: false },
  }
}

function pair({ label, colour }: Series, inks: Inks): [uPlot.Series, uPlot.Series] {
  const stroke = inks.of(colour)
  return [
    { label, stroke, width: 2, points: { show: true, size: 5, fill: stroke, filter: alone } },
    { label, stroke, width: 1, points: { show: true, size: 4, fill: stroke, filter: alone } },
  ]
}

function bandsOf(series: Series[], inks: Inks): uPlot.Band[] {
  return series.map(({ colour }, index) => ({
    series: [2 * index + 2, 2 * index + 1],
    fill: tinted(inks.of(colour)),
  }))
}

/** A value between two gaps has no line to be seen by. */
function alone(plot: uPlot, index: number): number[] {
  const values = plot.data[index] ?? []
  return [...values.keys()].filter(
    (at) => values[at] != null && values[at - 1] == null && values[at + 1] == null,
  )
}

function extentOf({ starts, step, since }: Grid): [number, number] {
  return [since, (starts.at(-1) ?? since) + step]
}

import { useState } from 'preact/hooks'
import { Pager } from '../pager.tsx'
import { Scrollable } from '../scrollable.tsx'
import { TableHead } from '../table-head.tsx'
import { useFirst } from '../use-first.ts'

interface FiguresTableProps {
  caption: string
  headings: string[]
  /** How many of the columns are words; the others are numbers. */
  words: number
  /** Made when they are asked for. */
  rows: () => string[][]
}

/** What charts show, as a table that opens. */
export function FiguresTable({ caption, headings, words, rows }: FiguresTableProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details class="figures" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Show as a table</summary>
      {isOpen && <Figures caption={caption} headings={headings} words={words} rows={rows()} />}
    </details>
  )
}

function Figures({ caption, headings, words, rows }: Omit<FiguresTableProps, 'rows'> & { rows: string[][] }) {
  const [first, more] = useFirst(rows)
  const kind = (column: number) => (column < words ? undefined : 'number')
  return (
    <>
      <Scrollable class="table" label={caption}>
        <table>
          <caption class="visually-hidden">{caption}</caption>
          <TableHead columns={headings} words={words} />
          <tbody>
            {first.map((row) => (
              <tr key={row.slice(0, words).join()}>
                {row.map((cell, column) => (
                  <td key={headings[column]} class={kind(column)}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      <Pager of={more} more="more figures" />
    </>
  )
}

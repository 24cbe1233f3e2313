interface TableHeadProps {
  /** False for a column that is not there. */
  columns: readonly (string | false)[]
  /** How many of them are words, where the others are numbers. */
  words?: number
  /** Whether the rows end in what can be done to them. */
  withActions?: boolean
}

/** The names of the columns of a table. */
export function TableHead({ columns, words = columns.length, withActions = false }: TableHeadProps) {
  const names = columns.filter((column) => column !== false)
  return (
    <thead>
      <tr>
        {names.map((name, index) => (
          <th key={name} scope="col" class={index < words ? undefined : 'number'}>
            {name}
          </th>
        ))}
        {withActions && (
          <th scope="col">
            <span class="visually-hidden">Actions</span>
          </th>
        )}
      </tr>
    </thead>
  )
}

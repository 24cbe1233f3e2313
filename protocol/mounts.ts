import * as z from 'zod'
import { Sha256 } from './names.ts'

/** No path has it. */
const SEPARATOR = '\0'

export const MountedFile = z.strictObject({
  /** Relative to the mount, with `/` between its parts. */
  path: z
    .string()
    .min(1)
    .max(1024)
    .refine(
      (path) =>
        !/[\\\0]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
      'must be a relative path that stays in its folder',
    ),
  sha256: Sha256,
  size: z.int().min(0),
})
export type MountedFile = z.infer<typeof MountedFile>

export const Mount = z.strictObject({
  /** Where the files appear, below the container's root and working directory. */
  at: z
    .string()
    .max(256)
    .regex(/^(\/[a-zA-Z0-9_][a-zA-Z0-9._-]*)+$/, 'must be an absolute path such as /assets'),
  /** The folder that they came from, as the author wrote it; for display only. */
  source: z.string().max(1024),
  files: z.array(MountedFile),
})
export type Mount = z.infer<typeof Mount>

/** What all functions of an app have. */
interface Bundle {
  code: MountedFile
  map?: MountedFile | undefined
}

/** Every file of a function's container, by its path below the container's root. */
export function filesOf({ code, map }: Bundle, mounts: readonly Mount[]): MountedFile[] {
  const mounted = mounts.flatMap(({ at, files }) =>
    files.map((file) => ({ ...file, path: `${at.slice(1)}/${file.path}` })),
  )
  return [code, ...(map ? [map] : []), ...mounted]
}

/** A path at which two files are to be, or a file and a folder; they would be written over each other. */
export function clashIn(files: readonly MountedFile[]): string | undefined {
  // With a separator that sorts before everything else, what lies in a folder follows what is named like it at once.
  const paths = files.map(({ path }) => path.replaceAll('/', SEPARATOR)).sort()
  const clash = paths.find((path, index) => {
    const next = paths[index + 1]
    return next === path || next?.startsWith(path + SEPARATOR)
  })
  return clash?.replaceAll(SEPARATOR, '/')
}

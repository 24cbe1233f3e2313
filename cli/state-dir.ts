import { Option } from 'commander'

/** Where the local platform keeps its state, unless told otherwise. */
export const DEFAULT_DIR = '.sluice'

export interface DirOption {
  dir: string
}

export function dirOption(description: string): Option {
  return new Option('--dir <dir>', description).env('SLUICE_DIR').default(DEFAULT_DIR)
}

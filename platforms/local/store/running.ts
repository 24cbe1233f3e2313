/** That the call `k` runs in the container `c`, in the words of the index that also tells what runs of an app. */
export const RUNNING_IN = `k.env = c.env and k.app = c.app and k.function = c.function and k.container = c.id
  and k.status = 'running'`

/** What does not occur in a thousand runs is not tested by them, whatever they find: nobody is to be fooled by a world in which nothing happens. */
export const MUST_OCCUR: readonly string[] = []

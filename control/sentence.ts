/** What somebody else wrote, as a sentence that another one may follow. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`)

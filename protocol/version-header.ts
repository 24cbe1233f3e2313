/** Of a web request, the only version that may answer it; of an answer, the version that did. */
export const VERSION_HEADER = 'sluice-version'

/** @param versions the ones that answer at the address */
export function otherVersion(asked: string, versions: readonly string[]): string {
  const those = versions.map((version) => `v${version}`).join(' and ')
  return `Version "${asked}", which the request's ${VERSION_HEADER} header asks for, is neither live nor staged here: ${those} ${versions.length === 1 ? 'is' : 'are'}. \`sluice app describe\` shows what there is.`
}

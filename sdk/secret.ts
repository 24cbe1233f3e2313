/** A secret of the environment that an app is deployed to: its variables are in the environment of the author's code. */
export class Secret {
  readonly name: string

  private constructor(name: string) {
    this.name = name
  }

  /**
   * The secret of that name, which `sluice secret create` makes.
   * @throws TypeError for what is no name
   */
  static fromName(name: string): Secret {
    if (typeof name === 'string' && name !== '') return new Secret(name)
    throw new TypeError("Secret.fromName(…) needs a name, such as Secret.fromName('openai').")
  }

  /**
   * Refuses: values in a program end up in whatever the program is copied to.
   * @deprecated
   */
  static fromDict(): never {
    throw new TypeError(
      'A secret cannot be written in a program, since it would be stored with it. Make one with `sluice secret create NAME --from-dotenv FILE`, and use Secret.fromName(NAME); what is no secret belongs in `env`.',
    )
  }
}

/** Their names, each once, in order. @throws TypeError for what is no list of secrets */
export function secretNames(...lists: (readonly Secret[] | undefined)[]): string[] {
  const names = lists.flatMap((list = []) => {
    if (!Array.isArray(list)) throw notSecrets(list)
    return list.map((secret) => {
      if (secret instanceof Secret) return secret.name
      throw notSecrets(secret)
    })
  })
  return [...new Set(names)]
}

function notSecrets(given: unknown): TypeError {
  const example = typeof given === 'string' ? given : 'openai'
  return new TypeError(`secrets: takes a list such as [Secret.fromName(${JSON.stringify(example)})].`)
}

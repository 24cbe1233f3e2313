import { any } from 'dynamodb-toolbox/schema/any'

/** One of a closed list of words. Their schema in protocol/ would bring all schemas into every handler. */
export const word = <Word extends string>() => any().castAs<Word>()

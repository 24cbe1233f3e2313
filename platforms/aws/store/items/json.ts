import { any } from 'dynamodb-toolbox/schema/any'
import { jsonStringify } from 'dynamodb-toolbox/transformers/jsonStringify'

/** A structure that is only ever read and written as a whole: kept as text, which DynamoDB does not look into. */
export const json = <Value>() => any().castAs<Value>().transform(jsonStringify())

import type { Entity, FormattedItem } from 'dynamodb-toolbox/entity'
import type { Condition } from 'dynamodb-toolbox/entity/actions/parseCondition'
import {
  isConditionCheckFailed,
  UpdateItemCommand,
  type UpdateItemInput,
} from 'dynamodb-toolbox/entity/actions/update'

/** What a conditional write came to: the item after it (or before it, where that was asked for), or as it is. */
export type Written<Item> = { done: true; item: Item } | { done: false; item: Item | undefined }

/** Changes one item if the condition holds. */
export async function update<E extends Entity>(
  entity: E,
  values: UpdateItemInput<E>,
  condition: Condition<E>,
  returned: 'ALL_NEW' | 'ALL_OLD' = 'ALL_NEW',
): Promise<Written<FormattedItem<E>>> {
  try {
    const { Attributes } = await entity
      .build(UpdateItemCommand<E>)
      .item(values)
      .options({ condition, returnValues: returned, returnValuesOnConditionFalse: 'ALL_OLD' })
      .send()
    return { done: true, item: Attributes as FormattedItem<E> }
  } catch (error) {
    if (!isConditionCheckFailed(error, entity)) throw error
    return { done: false, item: error.FormattedItem }
  }
}

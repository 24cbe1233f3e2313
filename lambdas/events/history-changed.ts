import { type HistoryEvent, makeHistoryEvents, readHistoryEvent } from '../../platforms/aws/history-events.ts'
import { serve } from '../../platforms/aws/serve.ts'
import { makeHistoryChangedHandler } from '../handlers/history-changed.ts'

export const handler = serve(makeHistoryChangedHandler<HistoryEvent>, {
  readHistoryEvent: () => readHistoryEvent,
  historyEvents: (settings) => makeHistoryEvents(settings),
})

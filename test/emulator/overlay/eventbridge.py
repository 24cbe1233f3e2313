"""Rules reach functions as AWS's do, and their schedules fire in time."""

from ministack.services import eventbridge, lambda_svc

# MiniStack looks for due rules every 10 s.
eventbridge._SCHEDULER_TICK_INTERVAL = 1


def _to_function(arn, payload):
    # "Amazon EventBridge targets: Lambda function": it is invoked asynchronously, so a function that fails or has no free
    # concurrency gets the event again ("How Lambda handles errors and retries with asynchronous invocation").
    function, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if not function:
        raise LookupError(f"There is no function {arn}.")
    record = lambda_svc._execution_record_for_config(function, config)
    lambda_svc.invoke_async_with_retry(record, eventbridge.json.loads(payload))


eventbridge._dispatch_to_lambda = _to_function

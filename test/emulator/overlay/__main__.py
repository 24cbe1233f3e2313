"""Starts MiniStack with what it lacks of the AWS that this project deploys to: python3 -m overlay"""

from overlay import cloudformation, dynamodb, ecs, elbv2, eventbridge, lambda_, s3, scheduler, server  # noqa: F401

server.main()

"""Starts MiniStack with what it lacks of the AWS that this project deploys to: python3 -m overlay"""

from overlay import cloudformation, dynamodb, ecs, elbv2, lambda_, server  # noqa: F401

server.main()

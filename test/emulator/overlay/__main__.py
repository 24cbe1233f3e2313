"""Starts MiniStack with what it lacks of the AWS that this project deploys to: python3 -m overlay"""

from overlay import bucket_deployment, cloudformation, dynamodb, ecs, elbv2, eventbridge, lambda_, s3  # noqa: F401
from overlay import scheduler, server  # noqa: F401

server.main()

"""Starts MiniStack with what it lacks of the AWS that this project deploys to: python3 -m overlay"""

from overlay import server

server.main()
